package io.leasehold.consume;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.pace.FatalErrors;
import io.leasehold.publish.DerivedIds;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Fuseable;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * One subscription of work. It has ended when its terminal signal or {@code cancel()} has returned, none of our calls
 * into user code for it is on a stack, every tracked child has ended, and what was bound to the lease is released.
 * That is what {@code calls} counts: one for the terminal signal, one for each call and each child.
 */
final class Execution implements CoreSubscriber<Object>, Runnable {
    private static final AtomicIntegerFieldUpdater<Execution> CALLS =
            AtomicIntegerFieldUpdater.newUpdater(Execution.class, "calls");
    private static final AtomicIntegerFieldUpdater<Execution> FLAGS =
            AtomicIntegerFieldUpdater.newUpdater(Execution.class, "flags");
    private static final AtomicReferenceFieldUpdater<Execution, Stop> STOP =
            AtomicReferenceFieldUpdater.newUpdater(Execution.class, Stop.class, "stop");
    private static final int CANCEL = 1;
    private static final int TERMINATED = 2;
    private static final int OVER = 4;
    private static final int COMPLETED = 8;
    private static final int FAILED = 16;
    private static final int SILENT = 32;

    private static final AtomicReferenceFieldUpdater<Execution, DerivedIds> DERIVED =
            AtomicReferenceFieldUpdater.newUpdater(Execution.class, DerivedIds.class, "derived");

    private final Work work;
    private volatile int calls = 1;
    private volatile int flags;
    private volatile @Nullable Subscription subscription;
    private volatile @Nullable DerivedIds derived;
    private volatile Stop stop = Stop.NONE;
    private @Nullable Throwable error;

    Execution(Work work) {
        this.work = work;
    }

    /** What is executed, and who wants to know its end. */
    interface Work {
        /** Passes the gate and calls the user's function, on the user scheduler; null when work must not start. */
        @Nullable
        Publisher<?> open(Execution execution);

        /** Hears an element of the work. */
        void emitted(Object element);

        /** Gives the Reactor context of the work. */
        Context workContext();

        /** Gives what must be released before the execution has ended, or null. */
        @Nullable
        Mono<Void> releaseBound();

        /** Has a cancel run where cancels run. */
        void runCancel(Runnable cancel);

        /** Hears that the execution has ended. Called once, on the thread that ended it. */
        void ended(Execution execution);

        /** Decides without user code that was asked what the end means, and has thrown. */
        void undecided(Throwable thrown);
    }

    /** How the work's signals ended. */
    enum Result {
        COMPLETED,
        FAILED,
        CANCELLED
    }

    /** Why it was cancelled. */
    enum Stop {
        NONE,
        LOST,
        TIMEOUT,
        RELEASE,
        /** By a pipeline of the user's that goes on, and will do the same again. */
        ABANDONED;

        /** Tells whether the message is given back without having failed, and nothing more is started for it. */
        boolean givesBack() {
            return this == RELEASE || this == ABANDONED;
        }
    }

    Result result() {
        if (isSet(COMPLETED)) {
            return Result.COMPLETED;
        }
        return isSet(FAILED) ? Result.FAILED : Result.CANCELLED;
    }

    @Nullable
    Throwable error() {
        return error;
    }

    Stop stop() {
        return stop;
    }

    /** Gives the ids of what this subscription publishes. */
    DerivedIds derived(String group, String source) {
        if (derived == null) {
            DERIVED.compareAndSet(this, null, DerivedIds.of(group, source));
        }
        return Objects.requireNonNull(derived);
    }

    boolean hasEnded() {
        return (flags & OVER) != 0;
    }

    /** Gives the operators that the work is made of, the source first; empty before it is subscribed. */
    List<String> operators() {
        Subscription present = subscription;
        return present == null ? List.of() : Scannable.from(present).steps().toList();
    }

    /**
     * Calls the user's function and subscribes to what it returns. Whatever is thrown on the way ends the execution;
     * nothing is thrown at the caller.
     */
    @Override
    public void run() {
        if (!enter()) {
            return;
        }

        Throwable fault = null;
        try {
            begin();
        } catch (Throwable thrown) {
            fault = thrown;
            terminate(Result.FAILED, thrown);
            FatalErrors.cancelLeft(subscription, thrown);
        } finally {
            exit();
        }
        // A fatal error is first an error of this work as any other, and then one of the thread.
        if (fault != null) {
            FatalErrors.handOn(fault);
        }
    }

    private void begin() {
        Publisher<?> publisher = isSet(CANCEL) ? null : work.open(this);

        if (publisher == null || isSet(CANCEL)) {
            terminate(Result.CANCELLED, null);
        } else if (publisher instanceof Fuseable.ScalarCallable<?> scalar) {
            completeWith(scalar);
        } else {
            publisher.subscribe(this);
            if (subscription == null) {
                isSilent();
            }
        }
    }

    // It was subscribed to and has not called onSubscribe. It may yet do so; until then a cancel finds nothing to
    // cancel, and is the end all the same.
    private void isSilent() {
        set(SILENT, 0);
        if (isSet(CANCEL)) {
            terminate(Result.CANCELLED, null);
        }
    }

    // A value, nothing, or an error, which a call throws and which is a signal nevertheless.
    private void completeWith(Fuseable.ScalarCallable<?> scalar) {
        Object value;
        try {
            value = scalar.call();
        } catch (Throwable signalled) {
            terminate(Result.FAILED, signalled);
            return;
        }

        if (value != null) {
            work.emitted(value);
        }
        terminate(Result.COMPLETED, null);
    }

    /** Has the work cancelled; only the first reason counts. From any thread. */
    void cancel(Stop why) {
        if (STOP.compareAndSet(this, Stop.NONE, why)) {
            set(CANCEL, 0);
            work.runCancel(this::cancelNow);
        }
    }

    private void cancelNow() {
        // Not subscribed yet: whoever subscribes sees the flag.
        if ((subscription == null && !isSet(SILENT)) || !enter()) {
            return;
        }

        Subscription present = subscription;
        try {
            if (present != null) {
                present.cancel();
            }
        } finally {
            terminate(Result.CANCELLED, null);
            exit();
        }
    }

    @Override
    public void onSubscribe(Subscription given) {
        if (subscription != null || !enter()) {
            given.cancel();
            return;
        }

        subscription = given;
        try {
            if (isSet(CANCEL)) {
                given.cancel();
                terminate(Result.CANCELLED, null);
            } else {
                given.request(Long.MAX_VALUE);
            }
        } catch (Throwable thrown) {
            // Operators throw fatal errors up through here: perhaps not to us, when it is not we who have subscribed.
            terminate(Result.FAILED, thrown);
            FatalErrors.cancelLeft(given, thrown);
            throw thrown;
        } finally {
            exit();
        }
    }

    @Override
    public void onNext(Object element) {
        if (!isSet(TERMINATED)) {
            work.emitted(element);
        }
    }

    @Override
    public void onError(Throwable thrown) {
        terminate(Result.FAILED, thrown);
    }

    @Override
    public void onComplete() {
        terminate(Result.COMPLETED, null);
    }

    @Override
    public Context currentContext() {
        return work.workContext();
    }

    private void terminate(Result how, @Nullable Throwable thrown) {
        if (set(TERMINATED, flagOf(how))) {
            error = thrown == null ? null : Exceptions.unwrap(thrown);
            exit();
        }
    }

    private static int flagOf(Result how) {
        return switch (how) {
            case COMPLETED -> COMPLETED;
            case FAILED -> FAILED;
            case CANCELLED -> 0;
        };
    }

    /** Counts a call or a child; false when the execution has ended. */
    boolean enter() {
        int present = calls;
        while (present > 0) {
            if (CALLS.compareAndSet(this, present, present + 1)) {
                return true;
            }
            present = calls;
        }
        return false;
    }

    /** Notes that the call has returned, or the child has ended. */
    void exit() {
        if (CALLS.decrementAndGet(this) == 0) {
            Mono<Void> release = work.releaseBound();
            if (release == null) {
                over();
            } else {
                release.subscribe(ignored -> {}, failed -> over(), this::over);
            }
        }
    }

    private void over() {
        if (set(OVER, 0)) {
            try {
                work.ended(this);
            } catch (Throwable thrown) {
                work.undecided(thrown);
                FatalErrors.handOn(thrown);
            }
        }
    }

    private boolean isSet(int flag) {
        return (flags & flag) != 0;
    }

    /** Sets a flag, once and with it others; true for the one who did. */
    private boolean set(int flag, int more) {
        int present = flags;
        while ((present & flag) == 0) {
            if (FLAGS.compareAndSet(this, present, present | flag | more)) {
                return true;
            }
            present = flags;
        }
        return false;
    }

    static MessagingException noPublisher(String what) {
        return new MessagingException(
                ErrorCode.BAD_HANDLER,
                "a handler returned null",
                what,
                "return Mono.empty() when there is nothing to do");
    }
}
