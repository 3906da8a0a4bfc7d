package io.leasehold.pace;

import io.leasehold.api.Internal;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A publisher of the user's that ends in any case: what it throws at whoever subscribes to it or requests of it, fatal
 * errors included, cancels it and is its error signal. What it throws on a thread of its own nobody can see.
 * Downstream is subscribed first, so that it can cancel a publisher that calls {@code onSubscribe} late or never.
 *
 * @param <T> the elements
 */
@Internal
public final class GuardedFlux<T> extends Flux<T> {
    private final Publisher<? extends T> source;
    private final Runnable atEnd;

    private GuardedFlux(Publisher<? extends T> source, Runnable atEnd) {
        this.source = source;
        this.atEnd = atEnd;
    }

    /** The publisher, guarded. */
    public static <T> Flux<T> of(Publisher<? extends T> source) {
        return new GuardedFlux<>(source, GuardedFlux::nothing);
    }

    /**
     * The publisher, guarded, with something to do at its end.
     *
     * @param atEnd done once, when the terminal signal was passed on or the cancel has returned
     */
    public static <T> Flux<T> of(Publisher<? extends T> source, Runnable atEnd) {
        return new GuardedFlux<>(source, atEnd);
    }

    private static void nothing() {}

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        Guard<T> guard = new Guard<>(actual, atEnd);
        try {
            actual.onSubscribe(guard);
            if (!guard.isCancelled()) {
                source.subscribe(guard);
            }
        } catch (Throwable thrown) {
            guard.thrown(thrown);
        }
    }

    private static final class Guard<T> implements CoreSubscriber<T>, Subscription {
        @SuppressWarnings("rawtypes")
        private static final AtomicReferenceFieldUpdater<Guard, Subscription> UPSTREAM =
                AtomicReferenceFieldUpdater.newUpdater(Guard.class, Subscription.class, "upstream");

        @SuppressWarnings("rawtypes")
        private static final AtomicLongFieldUpdater<Guard> REQUESTED =
                AtomicLongFieldUpdater.newUpdater(Guard.class, "requested");

        @SuppressWarnings("rawtypes")
        private static final AtomicIntegerFieldUpdater<Guard> TERMINATED =
                AtomicIntegerFieldUpdater.newUpdater(Guard.class, "terminated");

        @SuppressWarnings("rawtypes")
        private static final AtomicIntegerFieldUpdater<Guard> ENDED =
                AtomicIntegerFieldUpdater.newUpdater(Guard.class, "ended");

        private final CoreSubscriber<? super T> actual;
        private final Runnable atEnd;
        private volatile @Nullable Subscription upstream;

        @SuppressWarnings("UnusedVariable") // read and written through REQUESTED
        private volatile long requested;

        @SuppressWarnings("UnusedVariable") // written through TERMINATED
        private volatile int terminated;

        @SuppressWarnings("UnusedVariable") // written through ENDED
        private volatile int ended;

        Guard(CoreSubscriber<? super T> actual, Runnable atEnd) {
            this.actual = actual;
            this.atEnd = atEnd;
        }

        void thrown(Throwable error) {
            FatalErrors.cancelLeft(upstream, error);
            onError(Exceptions.unwrap(error));
            FatalErrors.handOn(error);
        }

        boolean isCancelled() {
            return upstream == Operators.cancelledSubscription();
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription given) {
            if (!UPSTREAM.compareAndSet(this, null, given)) {
                given.cancel();
                return;
            }
            requestFrom(given);
        }

        // What was asked for before there was anybody to ask.
        private void requestFrom(Subscription present) {
            long missed = REQUESTED.getAndSet(this, 0);
            if (missed > 0) {
                present.request(missed);
            }
        }

        @Override
        public void onNext(T element) {
            actual.onNext(element);
        }

        @Override
        public void onError(Throwable error) {
            if (TERMINATED.compareAndSet(this, 0, 1)) {
                try {
                    actual.onError(error);
                } finally {
                    end();
                }
            }
        }

        @Override
        public void onComplete() {
            if (TERMINATED.compareAndSet(this, 0, 1)) {
                try {
                    actual.onComplete();
                } finally {
                    end();
                }
            }
        }

        @Override
        public void request(long n) {
            try {
                Subscription present = upstream;
                if (present != null) {
                    present.request(n);
                    return;
                }
                if (Operators.validate(n)) {
                    REQUESTED.accumulateAndGet(this, n, Operators::addCap);
                }
                present = upstream;
                if (present != null) {
                    requestFrom(present);
                }
            } catch (Throwable error) {
                thrown(error);
            }
        }

        @Override
        public void cancel() {
            try {
                Subscription present = UPSTREAM.getAndSet(this, Operators.cancelledSubscription());
                if (present != null) {
                    present.cancel();
                }
            } finally {
                end();
            }
        }

        private void end() {
            if (ENDED.compareAndSet(this, 0, 1)) {
                atEnd.run();
            }
        }
    }
}
