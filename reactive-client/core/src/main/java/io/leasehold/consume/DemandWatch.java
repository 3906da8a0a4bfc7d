package io.leasehold.consume;

import java.util.concurrent.TimeUnit;

/**
 * Watches whether the subscriber of the outcomes bounds how much runs at once. Confined to the dispatcher.
 *
 * <pre>
 *   asks for no more, slots are free -- 10 s, without a second in which it asked for more --> told, once
 * </pre>
 */
final class DemandWatch {
    /** For how long there must be free slots and no demand, in nanoseconds. */
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long BREATH_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long NEVER = Long.MIN_VALUE;

    private long limitedSince = NEVER;
    private long openSince = NEVER;
    private boolean told;
    private boolean looking;

    /** Whether nothing needs to be looked at: it was told, or demand was never the limit. */
    boolean isQuiet() {
        return told || limitedSince == NEVER;
    }

    /** Demand is not the limit now. */
    void open(long now) {
        if (openSince == NEVER) {
            openSince = now;
        }
    }

    /** Demand is the limit now; true when it has been for so long that it is to be told. */
    boolean limited(long now) {
        boolean breathed = openSince != NEVER && now - openSince >= BREATH_NANOS;
        openSince = NEVER;
        if (limitedSince == NEVER || breathed) {
            limitedSince = now;
        }
        if (told || now - limitedSince < PATIENCE_NANOS) {
            return false;
        }
        told = true;
        return true;
    }

    /** Demand is the limit and it is not told yet: true when it is to be looked at again later, once at a time. */
    boolean looks() {
        boolean begins = !told && !looking;
        looking |= begins;
        return begins;
    }

    /** It is looked at. */
    void looked() {
        looking = false;
    }
}
