package io.leasehold.nats.jetstream;

/**
 * Holds what a consumer takes of a pull; 0 for no limit. Servers refuse what is beyond.
 *
 * @param batch how many messages
 * @param expiresNanos for how long
 * @param bytes how many bytes
 */
record PullLimits(int batch, long expiresNanos, int bytes) {
    /** Reads those of a consumer's configuration. */
    static PullLimits of(ApiResponse config) {
        return new PullLimits(
                whole(config.number("max_batch", 0)),
                Math.max(0, config.number("max_expires", 0)),
                whole(config.number("max_bytes", 0)));
    }

    private static int whole(long number) {
        return (int) Math.max(0, Math.min(number, Integer.MAX_VALUE));
    }

    /** Returns as many messages as may be asked for at once. */
    int batch(int wanted) {
        return batch == 0 ? wanted : Math.min(batch, wanted);
    }

    /** Returns as many bytes as may be asked for at once. */
    long bytes(long wanted) {
        return bytes == 0 ? wanted : Math.min(bytes, wanted);
    }

    /** Returns the timing in which no pull stays longer than it may. */
    PullTiming timing(PullTiming wanted) {
        return expiresNanos == 0 || wanted.expiresNanos() <= expiresNanos ? wanted : PullTiming.of(expiresNanos);
    }
}
