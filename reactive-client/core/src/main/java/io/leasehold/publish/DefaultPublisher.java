package io.leasehold.publish;

import io.leasehold.message.BodyType;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import java.util.Objects;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Publishes through a window. */
record DefaultPublisher(PublishMode mode, PublishSettings limits) implements MessagePublisher {
    @Override
    public Mono<PublishReceipt> publish(Message message) {
        return new MonoPublish(mode, Objects.requireNonNull(message));
    }

    @Override
    public <T> Mono<PublishReceipt> publish(Message message, T body) {
        return publish(message.body((Object) body));
    }

    @Override
    public <T> Mono<PublishReceipt> publish(Message message, T body, BodyType<T> type) {
        return publish(message.body(body, type));
    }

    @Override
    public Flux<PublishResult> publishAll(Publisher<? extends Message> messages) {
        return new FluxPublishAll(mode, limits, Objects.requireNonNull(messages));
    }

    @Override
    public MessagePublisher ordered() {
        return with(mode.inOrder());
    }

    @Override
    public void resume(String key) {
        mode.window().resume(Objects.requireNonNull(key));
    }

    @Override
    public MessagePublisher gated(PublishGate gate) {
        return with(mode.behind(Objects.requireNonNull(gate)));
    }

    @Override
    public MessagePublisher signalOn(Scheduler scheduler) {
        return with(mode.signalOn(mode.window().signals().on(scheduler)));
    }

    private MessagePublisher with(PublishMode changed) {
        return new DefaultPublisher(changed, limits);
    }
}
