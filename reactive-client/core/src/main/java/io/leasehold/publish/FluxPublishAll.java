package io.leasehold.publish;

import io.leasehold.message.Message;
import io.leasehold.pace.FatalErrors;
import io.leasehold.pace.GuardedFlux;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/** Publishes all messages of a source, once per subscription. */
final class FluxPublishAll extends Flux<PublishResult> {
    private final PublishMode mode;
    private final PublishSettings limits;
    private final Publisher<? extends Message> source;

    FluxPublishAll(PublishMode mode, PublishSettings limits, Publisher<? extends Message> source) {
        this.mode = mode;
        this.limits = limits;
        this.source = source;
    }

    @Override
    public void subscribe(CoreSubscriber<? super PublishResult> actual) {
        PublishAllSubscriber publishes;
        try {
            publishes = new PublishAllSubscriber(mode, limits, actual);
        } catch (Throwable broken) {
            Operators.error(actual, Exceptions.unwrap(broken));
            FatalErrors.handOn(broken);
            return;
        }
        GuardedFlux.of(source).subscribe(publishes);
    }
}
