package io.leasehold.test;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Exceptions;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Is the true time of a scenario. It goes on only when the test says so, on the thread of the test; what other threads
 * schedule (those of blocking handlers) waits until the test takes its next step.
 */
final class ScenarioTime extends VirtualTimeScheduler {
    private static final int BROUGHT_MAX = 100_000;

    private final Queue<Runnable> brought = new LinkedBlockingQueue<>(BROUGHT_MAX);
    private volatile Thread owner = Thread.currentThread();
    private @Nullable MemberTime current;

    ScenarioTime() {
        super(false);
    }

    /** Gives the nanoseconds since the scenario began. */
    long nanos() {
        return now(TimeUnit.NANOSECONDS);
    }

    /** Gives the member whose code runs on this thread now, or null when that is the test's own. */
    @Nullable
    MemberTime current() {
        return isHere() ? current : null;
    }

    /** Notes whose code runs from now on; gives whose code it was before. */
    @Nullable
    MemberTime enter(@Nullable MemberTime next) {
        MemberTime before = current;
        current = next;
        return before;
    }

    /** Takes the present thread for that of the test, and does what other threads have brought. */
    void step() {
        owner = Thread.currentThread();
        takeBrought();
        advanceTime();
    }

    @Override
    public void advanceTimeBy(Duration duration) {
        owner = Thread.currentThread();
        takeBrought();
        super.advanceTimeBy(duration);
        takeBrought();
    }

    /** Runs a task after a time; from any thread. */
    Disposable after(Runnable task, long nanos) {
        if (isHere()) {
            return super.schedule(task, nanos, TimeUnit.NANOSECONDS);
        }

        Disposable.Swap timer = Disposables.swap();
        boolean taken = brought.offer(() -> {
            if (!timer.isDisposed()) {
                timer.replace(super.schedule(task, nanos, TimeUnit.NANOSECONDS));
            }
        });
        if (!taken) {
            throw Exceptions.failWithRejected("more than " + BROUGHT_MAX + " tasks of other threads wait for the test");
        }

        return timer;
    }

    // While a StepVerifier has made it the default scheduler, what code of a member schedules is the member's.

    @Override
    public Disposable schedule(Runnable task) {
        MemberTime running = current();
        return running == null ? after(task, 0) : running.schedule(task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        MemberTime running = current();
        return running == null ? after(task, unit.toNanos(delay)) : running.schedule(task, delay, unit);
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long initial, long period, TimeUnit unit) {
        MemberTime running = current();
        return running == null
                ? super.schedulePeriodically(task, initial, period, unit)
                : running.schedulePeriodically(task, initial, period, unit);
    }

    /** Does nothing: a StepVerifier disposes the time that it was given, and the scenario goes on. */
    @Override
    public void dispose() {}

    /** Tells whether this thread is the test's. */
    boolean isHere() {
        return Thread.currentThread() == owner;
    }

    private void takeBrought() {
        for (Runnable task = brought.poll(); task != null; task = brought.poll()) {
            task.run();
        }
    }
}
