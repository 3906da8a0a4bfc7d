package io.leasehold.consume;

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
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * One call that blocks, as a publisher, with the thread locals of its subscriber's context. Cancelling interrupts its
 * thread; the run that it belongs to ends when the thread has left, not before.
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
    private final HeldDelivery<?> delivery;

    BlockingCall(Supplier<@Nullable Object> work, HeldDelivery<?> delivery) {
        this.work = work;
        this.delivery = delivery;
    }

    @Override
    public void subscribe(Subscriber<? super Object> subscriber) {
        Call call = new Call(work, delivery, subscriber);
        delivery.childStarted();
        subscriber.onSubscribe(call);
        call.schedule();
    }

    private static final class Call implements Subscription, Runnable {
        private final Supplier<@Nullable Object> work;
        private final HeldDelivery<?> delivery;
        private final Subscriber<? super Object> subscriber;
        private final ContextView context;
        private final AtomicInteger state = new AtomicInteger(WAITING);
        private final Disposable.Swap task = Disposables.swap();
        private volatile boolean cancelled;

        Call(Supplier<@Nullable Object> work, HeldDelivery<?> delivery, Subscriber<? super Object> subscriber) {
            this.work = work;
            this.delivery = delivery;
            this.subscriber = subscriber;
            this.context = subscriber instanceof CoreSubscriber<?> core ? core.currentContext() : Context.empty();
        }

        void schedule() {
            try {
                task.replace(Schedulers.boundedElastic().schedule(this));
            } catch (RejectedExecutionException full) {
                if (state.compareAndSet(WAITING, OVER)) {
                    subscriber.onError(full);
                    delivery.childEnded();
                }
            }
        }

        @Override
        public void run() {
            if (!state.compareAndSet(WAITING, RUNNING)) {
                return;
            }
            delivery.runsOn(Thread.currentThread());
            try {
                call();
            } finally {
                delivery.runsOn(null);
                // An interrupt that was meant for this call must not hit the thread's next task.
                Thread.interrupted();
                state.set(OVER);
                delivery.childEnded();
            }
        }

        private void call() {
            try {
                Object result = InContext.call(context, work::get);
                if (!cancelled && result != null) {
                    subscriber.onNext(result);
                }
                signal(null);
            } catch (Throwable error) {
                signal(error);
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
                delivery.childEnded();
            }
        }
    }
}
