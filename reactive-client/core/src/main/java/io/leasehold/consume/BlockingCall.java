package io.leasehold.consume;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.pace.FatalErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * One call that blocks, as a publisher, with the thread locals of its subscriber's context. Cancelling interrupts its
 * thread; the run that it belongs to ends when the thread has left, not before. The clocks of a run whose handler it is
 * start when the thread enters.
 *
 * <pre>
 *   WAITING -- thread starts --> RUNNING -- thread leaves --> OVER
 *      `------- cancelled ------------------------------------^
 * </pre>
 */
final class BlockingCall implements Publisher<Object> {
    private static final int WAITING = 0;
    private static final int RUNNING = 1;
    private static final int OVER = 2;

    private final Supplier<@Nullable Object> work;
    private final List<HeldDelivery<?>> deliveries;

    private BlockingCall(Supplier<@Nullable Object> work, List<HeldDelivery<?>> deliveries) {
        this.work = work;
        this.deliveries = deliveries;
    }

    /** Makes a call for some deliveries of one run, one or more. */
    static BlockingCall of(Supplier<@Nullable Object> work, List<? extends Delivery<?>> deliveries) {
        List<HeldDelivery<?>> held = new ArrayList<>(deliveries.size());
        deliveries.forEach(delivery -> held.add((HeldDelivery<?>) delivery));
        return new BlockingCall(work, held);
    }

    @Override
    public void subscribe(Subscriber<? super Object> subscriber) {
        // Before it is counted as a child: what a context of the user's throws leaves nothing behind.
        ContextView context = subscriber instanceof CoreSubscriber<?> core ? core.currentContext() : Context.empty();
        boolean child = deliveries.get(0).childStarted();
        Call call = new Call(work, deliveries, child, subscriber, context);
        subscriber.onSubscribe(call);
        call.schedule();
    }

    private static final class Call implements Subscription, Runnable {
        private final Supplier<@Nullable Object> work;
        private final List<HeldDelivery<?>> deliveries;
        private final boolean child;
        private final Subscriber<? super Object> subscriber;
        private final ContextView context;
        private final AtomicInteger state = new AtomicInteger(WAITING);
        private final Disposable.Swap task = Disposables.swap();
        private volatile boolean cancelled;

        Call(
                Supplier<@Nullable Object> work,
                List<HeldDelivery<?>> deliveries,
                boolean child,
                Subscriber<? super Object> subscriber,
                ContextView context) {
            this.work = work;
            this.deliveries = deliveries;
            this.child = child;
            this.subscriber = subscriber;
            this.context = context;
        }

        void schedule() {
            try {
                task.replace(first().context().blocking().start(this));
            } catch (RejectedExecutionException | OutOfMemoryError noThread) {
                if (state.compareAndSet(WAITING, OVER)) {
                    subscriber.onError(new StageRefusedException(ErrorCode.NO_THREAD, first().topic(), noThread));
                    left();
                }
            }
        }

        private HeldDelivery<?> first() {
            return deliveries.get(0);
        }

        @Override
        public void run() {
            if (!state.compareAndSet(WAITING, RUNNING)) {
                return;
            }

            Thread present = Thread.currentThread();
            deliveries.forEach(delivery -> delivery.runsOn(present));
            Throwable fault = null;
            try {
                fault = call();
            } finally {
                deliveries.forEach(delivery -> delivery.runsOn(null));
                // An interrupt that was meant for this call must not hit the thread's next task.
                Thread.interrupted();
                state.set(OVER);
                left();
            }
            if (fault != null) {
                FatalErrors.handOn(fault);
            }
        }

        private void left() {
            if (child) {
                first().childEnded();
            }
        }

        // What was thrown, or null; it was signalled then.
        private @Nullable Throwable call() {
            try {
                requireHeld();
                Object result = ContextPropagation.call(context, work::get);
                if (!cancelled && result != null) {
                    subscriber.onNext(result);
                }
                signal(null);
                return null;
            } catch (Throwable error) {
                signal(error);
                return error;
            }
        }

        // While it waited for a thread the lease may have ended, or one of those of a batch.
        private void requireHeld() {
            boolean held = true;
            for (HeldDelivery<?> delivery : deliveries) {
                held &= delivery.entered();
            }

            if (!held) {
                throw new MessagingException(
                        ErrorCode.LEASE_LOST,
                        "the lease was lost before a thread was free",
                        first().group(),
                        "nothing: the message is delivered again");
            }
        }

        private void signal(@Nullable Throwable error) {
            if (cancelled) {
                return;
            }
            if (error == null) {
                subscriber.onComplete();
            } else {
                subscriber.onError(error);
            }
        }

        @Override
        public void request(long n) {
            // One result at most, and the run asks for all.
        }

        @Override
        public void cancel() {
            cancelled = true;
            task.dispose();
            if (state.compareAndSet(WAITING, OVER)) {
                left();
            }
        }
    }
}
