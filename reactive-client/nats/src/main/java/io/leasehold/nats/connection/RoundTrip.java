package io.leasehold.nats.connection;

/**
 * The smoothed round-trip time: each sample moves it by one eighth of the difference, as TCP does (RFC 6298, section
 * 2). Written on the connection's own thread, read anywhere.
 */
final class RoundTrip {
    private static final int PART = 8;

    private volatile long nanos;

    @SuppressWarnings("NonAtomicOperationOnVolatileField") // one writer
    void add(long sampleNanos) {
        long present = nanos;
        long sample = Math.max(1, sampleNanos);
        nanos = present == 0 ? sample : present + (sample - present) / PART;
    }

    /** 0 before the first sample. */
    long nanos() {
        return nanos;
    }
}
