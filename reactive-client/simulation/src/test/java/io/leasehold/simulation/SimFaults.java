package io.leasehold.simulation;

import java.util.SplittableRandom;

/**
 * What the network of one schedule does to what is sent.
 *
 * @param usualNanos the longest usual delay
 * @param slowPerMille how often something is slow
 * @param slowNanos the longest slow delay
 * @param losePerMille how often something is lost although its connection goes on
 * @param twicePerMille how often something arrives twice
 * @param detourPerMille how often a delivery is overtaken by what was sent after it
 */
record SimFaults(
        long usualNanos, int slowPerMille, long slowNanos, int losePerMille, int twicePerMille, int detourPerMille) {
    /** A network that does its work. */
    static final SimFaults NONE = new SimFaults(2_000_000L, 0, 0, 0, 0, 0);

    /** A network that does its work at once. */
    static final SimFaults QUICK = new SimFaults(50_000L, 0, 0, 0, 0, 0);

    /** Faults for a lease time: often mild, sometimes wild. */
    static SimFaults draw(SplittableRandom random, long leaseNanos) {
        int wild = random.nextInt(4);
        if (wild == 0) {
            return new SimFaults(1 + random.nextLong(leaseNanos / 50), 0, 0, 0, 0, 0);
        }
        return new SimFaults(
                1 + random.nextLong(leaseNanos / 20),
                random.nextInt(40 * wild * wild),
                1 + random.nextLong(leaseNanos * wild / 2),
                random.nextInt(20 * wild * wild),
                random.nextInt(20 * wild),
                random.nextInt(30 * wild));
    }

    /** The same with many detours. */
    SimFaults winding(SplittableRandom random) {
        return new SimFaults(usualNanos, slowPerMille, slowNanos, losePerMille, twicePerMille, random.nextInt(300));
    }

    /** How long one message takes. */
    long delayNanos(SplittableRandom random) {
        boolean slow = slowPerMille > 0 && random.nextInt(1_000) < slowPerMille;
        return 1 + random.nextLong(slow ? slowNanos : usualNanos);
    }

    /** Whether everything arrives, and soon. */
    boolean isHarmless() {
        return slowPerMille == 0 && losePerMille == 0 && detourPerMille == 0;
    }
}
