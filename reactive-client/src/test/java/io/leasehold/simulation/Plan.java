package io.leasehold.simulation;

import java.util.SplittableRandom;

/**
 * What a seed makes of one schedule.
 *
 * @param fenced whether the broker checks tokens
 * @param leaseNanos T
 * @param clients how many clients share the group
 * @param messages how many messages they get
 * @param keys how many keys these have; 0 for none
 * @param consumer how the consumers are set
 * @param faults what the network does
 * @param trouble what happens to processes and connections
 */
record Plan(
        boolean fenced,
        long leaseNanos,
        int clients,
        int messages,
        int keys,
        Consumer consumer,
        SimFaults faults,
        Trouble trouble) {

    private static final long MS = 1_000_000L;

    /**
     * How the consumers of a schedule are set.
     *
     * @param concurrency how many runs at once
     * @param retries how often a failed handler is called again
     * @param timeoutNanos how long a handler may take; 0 for as long as it likes
     * @param deadLetters whether there is a dead-letter topic
     * @param maxDeliveries after how many failures it gets what fails
     * @param maxHoldNanos how long a run may hold its lease
     * @param keyed whether keys are kept in order
     * @param oddity what else is unusual
     */
    record Consumer(
            int concurrency,
            int retries,
            long timeoutNanos,
            boolean deadLetters,
            int maxDeliveries,
            long maxHoldNanos,
            boolean keyed,
            Oddity oddity) {}

    /** What else is unusual about a consumer. */
    enum Oddity {
        NONE,
        PREFETCHES,
        SETTLES_WHEN_WRITTEN,
        TOUCHES_ON_PROGRESS,
        NEVER_TOUCHES,
        NEVER_NAKS
    }

    /**
     * What happens to processes and connections.
     *
     * @param spanNanos for how long there is trouble
     * @param freezes how often a client stands still
     * @param crashes how often a client dies
     * @param cuts how often a connection breaks
     * @param holds how often one direction of a connection stands still
     * @param restarts how often the broker is restarted
     * @param latencyNanos how long threads and timers of clients may need
     * @param wildness how badly handlers behave, 0 to 5
     */
    record Trouble(
            long spanNanos,
            int freezes,
            int crashes,
            int cuts,
            int holds,
            int restarts,
            long latencyNanos,
            int wildness) {}

    /** The plan of a seed. */
    static Plan draw(SplittableRandom random) {
        boolean fenced = random.nextBoolean();
        long lease = fenced ? (450 + random.nextLong(1_500)) * MS : (6_000 + random.nextLong(4_000)) * MS;
        return new Plan(
                fenced,
                lease,
                1 + random.nextInt(3),
                1 + random.nextInt(6),
                random.nextInt(3),
                consumer(random, lease),
                SimFaults.draw(random, lease),
                trouble(random, lease, fenced));
    }

    private static Consumer consumer(SplittableRandom random, long lease) {
        Oddity[] oddities = Oddity.values();
        return new Consumer(
                1 + random.nextInt(3),
                random.nextInt(3),
                random.nextInt(3) == 0 ? lease / 4 + random.nextLong(lease) : 0,
                random.nextBoolean(),
                1 + random.nextInt(4),
                lease + random.nextLong(3 * lease),
                random.nextInt(4) == 0,
                random.nextInt(3) == 0 ? oddities[random.nextInt(oddities.length)] : Oddity.NONE);
    }

    private static Trouble trouble(SplittableRandom random, long lease, boolean fenced) {
        long budget = Math.max(100 * MS, lease / 100);
        boolean calm = random.nextInt(5) == 0;
        return new Trouble(
                lease * (2 + random.nextInt(4)),
                calm ? 0 : random.nextInt(3),
                calm ? 0 : random.nextInt(4) / 3,
                calm ? 0 : random.nextInt(4),
                calm ? 0 : random.nextInt(4),
                calm || fenced ? 0 : random.nextInt(2),
                random.nextInt(3) == 0 ? random.nextLong(budget / 4) : 20_000L,
                random.nextInt(6));
    }

    /** J. */
    long budgetNanos() {
        return Math.max(100 * MS, leaseNanos / 100);
    }

    /** N. */
    long guardNanos() {
        return fenced ? 0 : 250 * MS;
    }
}
