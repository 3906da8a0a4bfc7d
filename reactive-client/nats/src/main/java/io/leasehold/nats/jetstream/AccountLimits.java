package io.leasehold.nats.jetstream;

import java.util.OptionalLong;

/**
 * Tells what an account may store, as the server tells it; see the account information of the JetStream API.
 *
 * @param info the answer
 */
record AccountLimits(ApiResponse info) {
    /** Of an account that may not be asked. */
    static final AccountLimits UNTOLD = new AccountLimits(ApiResponse.SILENCE);

    // So that the streams of three more families find room, too.
    private static final int SHARE = 4;
    private static final long BYTES_MIN = 1L << 20;
    private static final long BYTES_WHERE_WANTED = 1L << 30;

    /**
     * Returns the bound in bytes of a stream that is to be made: none where the account has no limit; else a quarter of
     * what is left, at most what the account allows a stream.
     */
    OptionalLong bytesFor(StreamSettings.Storage storage, int replicas) {
        boolean memory = storage == StreamSettings.Storage.MEMORY;
        ApiResponse tier = info.part("tiers").part("R" + replicas);
        boolean tiered = tier.has("limits");
        ApiResponse used = tiered ? tier : info;
        ApiResponse limits = used.part("limits");
        long most = limits.number(memory ? "max_memory" : "max_storage", -1);
        long each = limits.number(memory ? "memory_max_stream_bytes" : "storage_max_stream_bytes", -1);
        long chosen = Long.MAX_VALUE;
        if (most > 0) {
            long taken = Math.max(
                    used.number(memory ? "memory" : "storage", 0),
                    used.number(memory ? "reserved_memory" : "reserved_storage", 0));
            // Servers 2.10 may tell reservations near 2^64.
            long left = Math.max(0, most - (taken > most ? 0 : taken));
            chosen = Math.max(BYTES_MIN, left / SHARE / (tiered ? 1 : replicas));
        } else if (limits.flag("max_bytes_required")) {
            chosen = BYTES_WHERE_WANTED;
        }
        chosen = each > 0 ? Math.min(each, chosen) : chosen;

        return chosen == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(chosen);
    }
}
