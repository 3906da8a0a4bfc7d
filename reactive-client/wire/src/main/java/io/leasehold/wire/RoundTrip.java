package io.leasehold.wire;

/**
 * Smooths the round-trip time: each sample moves it by one eighth of the difference, as TCP does (RFC 6298, section
 * 2). Written on the connection's own thread, read anywhere.
 */
public final class RoundTrip {
    private static final int PART = 8;

    private volatile long nanos;

    /** Takes a sample, in nanoseconds; on the loop. */
    @SuppressWarnings("NonAtomicOperationOnVolatileField") // one writer
    public void add(long sampleNanos) {
        long present = nanos;
        long sample = Math.max(1, sampleNanos);
        nanos = present == 0 ? sample : present + (sample - present) / PART;
    }

    /** Returns the smoothed time in nanoseconds; 0 before the first sample. Safe from any thread. */
    public long nanos() {
        return nanos;
    }
}
