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

    /** Tells whether nothing needs to be looked at: it was told, or demand was never the limit. */
    boolean isQuiet() {
        return told || limitedSince == NEVER;
    }

    /** Notes that demand is not the limit now. */
    void open(long now) {
        if (openSince == NEVER) {
            openSince = now;
        }
    }

    /** Notes that demand is the limit now; true when it has been for so long that it is to be told. */
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

    /** Begins a later look, one at a time and until it was told; true when this call did. */
    boolean looks() {
        boolean begins = !told && !looking;
        looking |= begins;
        return begins;
    }

    /** Ends the later look. */
    void looked() {
        looking = false;
    }
}
