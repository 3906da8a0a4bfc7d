package io.leasehold.simulation;

import java.util.SplittableRandom;

/**
 * How a handler behaves in one call.
 *
 * @param lengthNanos how long it works, on its node's clock; {@link #NEVER} for a handler that never ends
 * @param steps in how many steps it does so
 * @param ending how it ends
 * @param inside what it does on the way
 * @param insideStep in which step it does that
 * @param isAttached whether it is work that is given to a delivery, not what a handler returns
 */
record Manners(long lengthNanos, int steps, Ending ending, Inside inside, int insideStep, boolean isAttached) {
    static final long NEVER = Long.MAX_VALUE;

    private static final Inside[] INSIDES = Inside.values();
    private static final Ending[] ENDINGS = Ending.values();

    /** How a handler ends. */
    enum Ending {
        COMPLETES,
        FAILS,
        THROWS,
        RETURNS_NULL,
        SAYS_ACK,
        SAYS_NAK,
        SAYS_TERMINATE,
        SAYS_DEAD_LETTER
    }

    /** What a handler does on the way. */
    enum Inside {
        NOTHING,
        ACKS,
        NAKS,
        TERMINATES,
        TOUCHES,
        TELLS_PROGRESS,
        PUBLISHES,
        BINDS,
        TRACKS,
        CHECKS,
        SETTLES_TWICE
    }

    /** A handler as one would wish for: short, and it completes. */
    static Manners good(SplittableRandom random, long leaseNanos) {
        return new Manners(random.nextLong(leaseNanos / 8), 1, Ending.COMPLETES, Inside.NOTHING, 0, false);
    }

    /** Any handler; the wilder, the rarer it just completes. */
    static Manners draw(SplittableRandom random, long leaseNanos, int wildness) {
        int steps = 1 + random.nextInt(4);
        boolean plain = random.nextInt(6) >= wildness;
        return new Manners(
                length(random, leaseNanos, wildness),
                steps,
                plain ? Ending.COMPLETES : ENDINGS[random.nextInt(ENDINGS.length)],
                random.nextBoolean() ? Inside.NOTHING : INSIDES[random.nextInt(INSIDES.length)],
                random.nextInt(steps),
                false);
    }

    private static long length(SplittableRandom random, long leaseNanos, int wildness) {
        return switch (random.nextInt(6 + wildness)) {
            case 0 -> 0;
            case 1, 2, 3, 4, 5 -> random.nextLong(leaseNanos / 2);
            case 6 -> random.nextLong(leaseNanos * 2);
            case 7 -> random.nextLong(leaseNanos * 5);
            default -> NEVER;
        };
    }

    /** The same for work on several deliveries, which says nothing about any of them by its values. */
    Manners together() {
        boolean says = switch (ending) {
            case SAYS_ACK, SAYS_NAK, SAYS_TERMINATE, SAYS_DEAD_LETTER -> true;
            case COMPLETES, FAILS, THROWS, RETURNS_NULL -> false;
        };
        return new Manners(lengthNanos, steps, says ? Ending.COMPLETES : ending, inside, insideStep, isAttached);
    }

    /** The same for work that is given to {@code settleBy}, without a handler. */
    Manners returning() {
        Ending possible = ending == Ending.THROWS || ending == Ending.RETURNS_NULL ? Ending.FAILS : ending;
        return new Manners(lengthNanos, steps, possible, inside, insideStep, true);
    }
}
