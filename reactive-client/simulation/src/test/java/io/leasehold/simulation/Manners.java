package io.leasehold.simulation;

import java.util.Arrays;
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

    // Those that are drawn: the others come on top.
    private static final Ending[] ENDINGS = Arrays.copyOf(Ending.values(), Ending.THROWS_FATALLY.ordinal());
    private static final Inside[] INSIDES = Arrays.copyOf(Inside.values(), Inside.SETTLES_SOME.ordinal());

    /** How a handler ends. */
    enum Ending {
        COMPLETES,
        FAILS,
        THROWS,
        RETURNS_NULL,
        SAYS_ACK,
        SAYS_NAK,
        SAYS_TERMINATE,
        SAYS_DEAD_LETTER,
        /** It is left by what Reactor calls fatal. */
        THROWS_FATALLY,
        /** It signals what Reactor calls fatal. */
        FAILS_FATALLY
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
        SETTLES_TWICE,
        /** It settles some of its deliveries, each in its own way. */
        SETTLES_SOME
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
            case COMPLETES, FAILS, THROWS, RETURNS_NULL, THROWS_FATALLY, FAILS_FATALLY -> false;
        };
        return new Manners(lengthNanos, steps, says ? Ending.COMPLETES : ending, inside, insideStep, isAttached);
    }

    /** The same for work that is given to {@code settleBy}, without a handler. */
    Manners returning() {
        Ending possible = switch (ending) {
            case THROWS, RETURNS_NULL -> Ending.FAILS;
            case THROWS_FATALLY -> Ending.FAILS_FATALLY;
            default -> ending;
        };
        return new Manners(lengthNanos, steps, possible, inside, insideStep, true);
    }

    /** The same, sometimes with what else happens. */
    Manners with(Extras extras, SplittableRandom random) {
        Manners manners = this;
        if (extras.fatal() && random.nextInt(4) == 0) {
            Ending fatal = random.nextBoolean() ? Ending.THROWS_FATALLY : Ending.FAILS_FATALLY;
            manners = new Manners(lengthNanos, steps, fatal, inside, insideStep, isAttached);
        }
        return manners;
    }

    /** The same for a batch whose handler settles some of its members itself, and then most often fails. */
    Manners settling(SplittableRandom random) {
        Ending failing = random.nextInt(3) > 0 ? Ending.FAILS : ending;
        return new Manners(lengthNanos, steps, failing, Inside.SETTLES_SOME, insideStep, isAttached);
    }
}
