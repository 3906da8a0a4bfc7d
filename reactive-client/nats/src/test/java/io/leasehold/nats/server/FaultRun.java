package io.leasehold.nats.server;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One fault after the other, with pauses, until it is stopped. Which, how long and how bad is drawn from a seed; when
 * exactly, is not ours. The last one is ended before {@link #stop} returns.
 */
public final class FaultRun {
    private final Random random;
    private final List<Fault> faults;
    private final Duration shortest;
    private final Duration longest;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final List<String> history = new CopyOnWriteArrayList<>();

    private FaultRun(long seed, List<Fault> faults, Duration shortest, Duration longest) {
        this.random = new Random(seed);
        this.faults = List.copyOf(faults);
        this.shortest = shortest;
        this.longest = longest;
    }

    /** Begins with a pause; faults and pauses last between the one and the other. */
    public static FaultRun start(long seed, List<Fault> faults, Duration shortest, Duration longest) {
        FaultRun run = new FaultRun(seed, faults, shortest, longest);
        Thread thread = new Thread(run::run, "faults");
        thread.setDaemon(true);
        thread.start();
        return run;
    }

    private void run() {
        try {
            while (!isStoppedAfter(drawDuration())) {
                Fault fault = faults.get(random.nextInt(faults.size()));
                Duration duration = drawDuration();
                history.add(fault.name() + " for " + duration.toMillis() + " ms");
                during(fault, duration);
            }
            done.complete(null);
        } catch (InterruptedException | RuntimeException | AssertionError failed) {
            done.completeExceptionally(failed);
        }
    }

    private void during(Fault fault, Duration duration) throws InterruptedException {
        fault.begin(random);
        try {
            isStoppedAfter(duration);
        } finally {
            fault.end();
        }
    }

    private boolean isStoppedAfter(Duration duration) throws InterruptedException {
        return stopped.await(duration.toNanos(), TimeUnit.NANOSECONDS);
    }

    private Duration drawDuration() {
        long spread = longest.minus(shortest).toNanos();
        return shortest.plusNanos((long) (random.nextDouble() * spread));
    }

    /** What was done so far, in order. */
    public List<String> history() {
        return history;
    }

    /** Whether it has ended by itself, since a fault could not begin or end. */
    public boolean hasFailed() {
        return done.isCompletedExceptionally();
    }

    /** Ends the fault that lasts; throws what went wrong with faults themselves. */
    public void stop() {
        stopped.countDown();
        done.join();
    }
}
