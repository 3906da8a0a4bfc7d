package io.leasehold.simulation;

import io.leasehold.consume.BatchSettings;
import io.leasehold.consume.BatchSettings.OnLoss;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * How the consumers of a schedule are set.
 *
 * @param taking how they take their deliveries
 * @param limits numbers
 * @param deadLetters whether there is a dead-letter topic
 * @param keyed whether keys are kept in order
 * @param demand how much is requested at a time; 0 for all at once
 * @param oddity what else is unusual
 */
record ConsumerPlan(Taking taking, Limits limits, boolean deadLetters, boolean keyed, int demand, Oddity oddity) {
    /** How a consumer takes its deliveries. */
    enum Style {
        HANDLES,
        TAKES_DELIVERIES,
        PIPES_THROUGH,
        HANDLES_BATCHES
    }

    /**
     * How a consumer takes its deliveries.
     *
     * @param style one by one, or together
     * @param batch how they are put together, if they are
     */
    record Taking(Style style, BatchSettings batch) {
        static Taking draw(SplittableRandom random, long lease) {
            Style style = Style.values()[Math.max(0, random.nextInt(7) - 3)];
            return new Taking(style, style == Style.HANDLES_BATCHES ? batch(random, lease) : BatchSettings.ofSize(1));
        }

        private static BatchSettings batch(SplittableRandom random, long lease) {
            Duration fill = random.nextBoolean() ? null : Duration.ofNanos(random.nextLong(lease / 8));
            OnLoss onLoss = random.nextInt(3) == 0 ? OnLoss.SKIP : OnLoss.RERUN;
            return BatchSettings.builder()
                    .size(1 + random.nextInt(4))
                    .fill(fill)
                    .onLoss(onLoss)
                    .build();
        }
    }

    /** What else is unusual about a consumer. */
    enum Oddity {
        NONE,
        PREFETCHES,
        SETTLES_WHEN_WRITTEN,
        TOUCHES_ON_PROGRESS,
        NEVER_TOUCHES,
        NEVER_NAKS;

        boolean keepsLeases() {
            return this == NONE || this == PREFETCHES || this == NEVER_NAKS;
        }
    }

    /**
     * The numbers of a consumer.
     *
     * @param concurrency how many runs at once
     * @param retries how often a failed handler is called again
     * @param timeoutNanos how long a handler may take; 0 for as long as it likes
     * @param maxDeliveries after how many failures it gets what fails
     * @param maxHoldNanos how long a run may hold its lease
     */
    record Limits(int concurrency, int retries, long timeoutNanos, int maxDeliveries, long maxHoldNanos) {}

    Style style() {
        return taking.style();
    }

    /** How many deliveries one run works on at most. */
    int batchSize() {
        return taking.batch().size();
    }

    /** Whether a batch goes on without what it has lost. */
    boolean skipsLost() {
        return style() == Style.HANDLES_BATCHES && taking.batch().onLoss() == OnLoss.SKIP;
    }

    /** Whether its runs are started by the consumer, not by a pipeline. */
    boolean startsRuns() {
        return style() == Style.HANDLES || style() == Style.HANDLES_BATCHES;
    }

    static ConsumerPlan draw(SplittableRandom random, long lease) {
        Oddity[] oddities = Oddity.values();
        Limits limits = new Limits(
                1 + random.nextInt(3),
                random.nextInt(3),
                random.nextInt(3) == 0 ? lease / 4 + random.nextLong(lease) : 0,
                1 + random.nextInt(4),
                lease + random.nextLong(3 * lease));
        return new ConsumerPlan(
                Taking.draw(random, lease),
                limits,
                random.nextBoolean(),
                random.nextInt(4) == 0,
                random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 0,
                random.nextInt(3) == 0 ? oddities[random.nextInt(oddities.length)] : Oddity.NONE);
    }
}
