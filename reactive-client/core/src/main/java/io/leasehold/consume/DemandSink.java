package io.leasehold.consume;

import io.leasehold.pace.DrainLoop;
import io.leasehold.pace.FatalErrors;
import io.leasehold.pace.TaskLoops;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * The end of a consumer's pipeline: counts demand, and signals elements on the user scheduler, one hop per burst. An
 * element is emitted only against a unit of demand that the dispatcher reserved before, so the queue is bounded by
 * what is under way; completion needs no demand.
 *
 * @param <E> the elements
 */
final class DemandSink<E> implements Subscription, Runnable {
    private static final int LINK = 64;

    private final Context context;
    private final @Nullable TaskLoops users;
    private final Listener<E> listener;
    private final AtomicLong requested = new AtomicLong();
    private final DrainLoop work = new DrainLoop();
    private final Runnable pass = this::pass;
    private final AtomicBoolean cancelled = new AtomicBoolean();
    // The dispatcher alone puts in, in turns, and one thread at a time takes out.
    private final Queue<E> queue = Queues.<E>unbounded(LINK).get();
    // Null from the end or the cancel on: the sink itself may stay referenced, by a port that a broker keeps.
    private volatile @Nullable CoreSubscriber<? super E> actual;
    private volatile boolean done;
    private volatile boolean broken;
    private volatile @Nullable Throwable error;
    private long reserved;

    /**
     * Makes a sink.
     *
     * @param users where to signal, or null for the thread that emits
     */
    DemandSink(CoreSubscriber<? super E> actual, @Nullable TaskLoops users, Listener<E> listener) {
        this.actual = actual;
        this.context = ContextPropagation.forWork(actual.currentContext());
        this.users = users;
        this.listener = listener;
    }

    /** What the sink tells. */
    interface Listener<E> {
        /** Hears that there is more demand. On any thread. */
        void demanded();

        /** Hears that downstream has cancelled. On any thread, once. */
        void cancelled();

        /** Hears that this element is not signalled any more, since downstream has cancelled. */
        void dropped(E element);

        /** Hears that the last signal was given, or nobody is left to get one. On the user scheduler, once. */
        default void ended() {}

        /** Hears that downstream threw at an element, after which it gets none, or at the end. */
        void threw(@Nullable E element, Throwable thrown);

        /** Is the gate right before the hand-over, on the user scheduler: false drops the element. */
        boolean mayEmit(E element);
    }

    /** Gives the subscriber's context, for the work that it started, also when it is gone. */
    Context context() {
        return context;
    }

    /** Gives the demand that nothing is reserved against; none after the end or the cancel. For the dispatcher. */
    long available() {
        if (isOver()) {
            return 0;
        }
        long total = requested.get();
        return total == Long.MAX_VALUE ? Long.MAX_VALUE : total - reserved;
    }

    /** Tells whether no element is wanted any more. */
    boolean isOver() {
        return done || cancelled.get();
    }

    /** Reserves one unit. For the dispatcher. */
    void reserve() {
        reserved++;
    }

    /** Gives one unit back. For the dispatcher. */
    void unreserve() {
        reserved--;
    }

    /**
     * Signals an element for which a unit was reserved; after {@link #end} it is dropped, also while the end itself
     * waits for its hop. For the dispatcher.
     */
    void emit(E element) {
        if (done) {
            listener.dropped(element);
            return;
        }
        queue.offer(element);
        signal();
    }

    /** Ends the sequence after what was emitted, with an error or without. */
    void end(@Nullable Throwable failure) {
        error = failure;
        done = true;
        signal();
    }

    private void signal() {
        if (!work.enter()) {
            return;
        }

        // To nobody: what is left is dropped here and now.
        if (users == null || cancelled.get()) {
            run();
        } else {
            users.execute(this);
        }
    }

    /** Signals what is queued; one thread at a time. */
    @Override
    public void run() {
        work.drain(pass);
    }

    private void pass() {
        boolean last = done;
        emitAll();
        if (last) {
            endOnce();
        }
    }

    private void endOnce() {
        if (!cancelled.getAndSet(true)) {
            endNow();
        }
        listener.ended();
    }

    private void emitAll() {
        for (E element = queue.poll(); element != null; element = queue.poll()) {
            CoreSubscriber<? super E> present = actual;
            if (present == null || broken || cancelled.get()) {
                listener.dropped(element);
            } else if (listener.mayEmit(element)) {
                signal(present, element);
            }
        }
    }

    // Reactor's operators throw what is fatal, and then they are at an end: it gets no further elements.
    private void signal(CoreSubscriber<? super E> to, E element) {
        try {
            to.onNext(element);
        } catch (Throwable thrown) {
            broken = true;
            listener.threw(element, thrown);
            FatalErrors.handOn(thrown);
        }
    }

    private void endNow() {
        CoreSubscriber<? super E> last = Objects.requireNonNull(actual, "has ended");
        actual = null;
        Throwable failure = error;

        try {
            if (failure == null) {
                last.onComplete();
            } else {
                last.onError(failure);
            }
        } catch (Throwable thrown) {
            listener.threw(null, thrown);
            FatalErrors.handOn(thrown);
        }
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            requested.accumulateAndGet(n, Operators::addCap);
            listener.demanded();
        }
    }

    @Override
    public void cancel() {
        if (!cancelled.getAndSet(true)) {
            actual = null;
            listener.cancelled();
        }
    }
}
