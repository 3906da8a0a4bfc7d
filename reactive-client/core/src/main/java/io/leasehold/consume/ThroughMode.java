package io.leasehold.consume;

import io.leasehold.pace.FatalErrors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** A pipeline of the user's between deliveries and their settlement: we own both of its ends. */
final class ThroughMode<T> extends Mode<T, Outcome> {
    private final Function<? super Flux<Delivery<T>>, ? extends Publisher<?>> pipeline;
    private final Pipe pipe = new Pipe();
    private volatile @Nullable DemandSink<Delivery<T>> deliveries;

    ThroughMode(
            Consumption<T> consumption,
            Function<? super Flux<Delivery<T>>, ? extends Publisher<?>> pipeline,
            CoreSubscriber<? super Outcome> actual) {
        super(consumption, actual);
        this.pipeline = pipeline;
    }

    /** Builds and subscribes the user's pipeline, on the subscriber's thread. */
    void connect() {
        try {
            Flux<Delivery<T>> source = new DeliverySource();
            // Behind the pipeline: what an operator discards is told to those that stand below it.
            Flux.from(pipeline.apply(source))
                    .doOnDiscard(Object.class, this::discarded)
                    .subscribe(pipe);
        } catch (Throwable thrown) {
            pipe.cancel();
            consumption().pipelineEnded(Exceptions.unwrap(thrown));
            FatalErrors.handOn(thrown);
        }
    }

    // A hint only, and it may be a collection: a delivery that somebody attached to is not touched.
    private void discarded(Object hint) {
        if (hint instanceof HeldDelivery<?> delivery) {
            delivery.abandoned();
        } else if (hint instanceof Iterable<?> many) {
            many.forEach(each -> {
                if (each instanceof HeldDelivery<?> delivery) {
                    delivery.abandoned();
                }
            });
        }
    }

    @Override
    long demand() {
        DemandSink<Delivery<T>> inner = deliveries;
        return inner == null ? 0 : Math.min(inner.available(), sink().available());
    }

    // What the pipeline itself asks for is its own decision.
    @Override
    boolean lacksDemand() {
        return sink().available() <= 0;
    }

    @Override
    boolean isOpen() {
        DemandSink<Delivery<T>> inner = deliveries;
        return inner == null || !inner.isOver();
    }

    @Override
    void start(HeldDelivery<T> delivery) {
        DemandSink<Delivery<T>> inner = deliveries;
        sink().reserve();
        if (inner != null) {
            inner.reserve();
            delivery.handOverPending();
            inner.emit(delivery);
        }
    }

    @Override
    void closed(HeldDelivery<T> delivery, Outcome outcome) {
        DemandSink<Delivery<T>> inner = deliveries;
        if (inner != null && delivery.wasWithheld()) {
            inner.unreserve();
        }
        delivery.tellOutcome();
        sink().emit(outcome);
    }

    @Override
    void unanswered(Outcome outcome) {
        sink().emit(outcome);
    }

    @Override
    void end(@Nullable Throwable error) {
        endDeliveries();
        super.end(error);
    }

    // The pipeline ends when it has worked off what it has.
    @Override
    void endDeliveries() {
        DemandSink<Delivery<T>> inner = deliveries;
        if (inner != null) {
            inner.end(null);
        }
    }

    @Override
    public void cancelled() {
        pipe.cancel();
        super.cancelled();
    }

    private final class DeliverySource extends Flux<Delivery<T>> {
        @Override
        public void subscribe(CoreSubscriber<? super Delivery<T>> actual) {
            if (deliveries != null) {
                Operators.error(actual, Ending.alreadyConsuming(consumption().name()));
                return;
            }
            DemandSink<Delivery<T>> inner =
                    new DemandSink<>(actual, consumption().signals(), new Inner());
            deliveries = inner;
            actual.onSubscribe(inner);
        }
    }

    private final class Inner implements DemandSink.Listener<Delivery<T>> {
        @Override
        public void demanded() {
            consumption().demanded();
        }

        @Override
        public void cancelled() {
            consumption().sourceCancelled();
        }

        @Override
        public void dropped(Delivery<T> element) {
            ((HeldDelivery<T>) element).withhold();
        }

        @Override
        public void threw(@Nullable Delivery<T> element, Throwable thrown) {
            if (element != null) {
                ((HeldDelivery<T>) element).handOverFailed(thrown);
            }
            pipe.cancel();
            consumption().threw(thrown);
        }

        @Override
        public boolean mayEmit(Delivery<T> element) {
            return ((HeldDelivery<T>) element).handOver();
        }
    }

    /** Runs the user's pipeline; its elements mean nothing, its end does. */
    private final class Pipe implements CoreSubscriber<Object> {
        private volatile @Nullable Subscription upstream;
        private volatile boolean cancelled;

        void cancel() {
            cancelled = true;
            Subscription present = upstream;
            if (present != null) {
                consumption().client().keeper().cancels().execute(present::cancel);
            }
        }

        @Override
        public void onSubscribe(Subscription given) {
            upstream = given;
            if (cancelled) {
                given.cancel();
            } else {
                given.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(Object element) {
            Operators.onDiscard(element, currentContext());
        }

        @Override
        public void onError(Throwable error) {
            consumption().pipelineEnded(error);
        }

        @Override
        public void onComplete() {
            consumption().pipelineEnded(null);
        }

        @Override
        public Context currentContext() {
            return context();
        }
    }
}
