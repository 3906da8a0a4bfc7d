package io.leasehold.publish;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.BodyType;
import io.leasehold.message.Codec;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import java.util.Objects;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** A publisher over a window. */
record DefaultPublisher(PublishMode mode, PublishSettings limits, Codecs codecs) implements MessagePublisher {
    @Override
    public Mono<PublishReceipt> publish(Message message) {
        return new PublishMono(mode, Objects.requireNonNull(message));
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> Mono<PublishReceipt> publish(Message message, T body) {
        return encoded(message, body, () -> codecs.require((Class<T>) body.getClass()));
    }

    @Override
    public <T> Mono<PublishReceipt> publish(Message message, T body, BodyType<T> type) {
        return encoded(message, body, () -> codecs.require(type));
    }

    private <T> Mono<PublishReceipt> encoded(Message message, T body, Supplier<Codec<T>> codec) {
        Message named = message.id().isPresent()
                ? message
                : message.id(mode.window().ids().next());
        return Mono.defer(() -> new PublishMono(mode, named.body(encode(named, body, codec.get()))));
    }

    private static <T> byte[] encode(Message message, T body, Codec<T> codec) {
        try {
            return Objects.requireNonNull(codec.encode(body));
        } catch (RuntimeException failed) {
            String subject = body.getClass().getName() + " for topic " + message.topic();
            throw new MessagingException(ErrorCode.ENCODE_FAILED, "a codec failed", subject, "see the cause", failed);
        }
    }

    @Override
    public Flux<PublishResult> publishAll(Publisher<? extends Message> messages) {
        return new PublishAllFlux(mode, limits, Objects.requireNonNull(messages));
    }

    @Override
    public MessagePublisher ordered() {
        return with(mode.inOrder());
    }

    @Override
    public void resume(String key) {
        mode.window().post(new Resume(Objects.requireNonNull(key)));
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
        return new DefaultPublisher(changed, limits, codecs);
    }
}
