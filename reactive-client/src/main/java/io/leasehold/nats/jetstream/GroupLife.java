package io.leasehold.nats.jetstream;

import io.leasehold.lease.LeaseTime;
import java.time.Duration;
import java.time.Instant;

/**
 * One life of a consumer at the server.
 *
 * @param stream its stream
 * @param consumer its name
 * @param created when it was created, in nanoseconds since 1970: a later life has more
 * @param delivered the number of its latest delivery
 * @param leaseTime its {@code ack_wait}
 */
record GroupLife(String stream, String consumer, long created, long delivered, LeaseTime leaseTime) {
    // With their first restart servers 2.9 and 2.10 tell an instant that is up to a millisecond later.
    private static final long RESTART_NANOS = 10_000_000L;

    /** Reads the answer that tells of a consumer. */
    static GroupLife of(ApiAnswer info) {
        Instant created = Instant.parse(info.text("created"));
        long nanos = Math.addExact(Math.multiplyExact(created.getEpochSecond(), 1_000_000_000L), created.getNano());
        Duration wait = Duration.ofNanos(info.part("config").number("ack_wait", 30_000_000_000L));
        long delivered = info.part("delivered").number("consumer_seq", 0);
        return new GroupLife(info.text("stream_name"), info.text("name"), nanos, delivered, LeaseTime.renewable(wait));
    }

    /** Whether this is another life than an earlier one, of which so many deliveries are known. */
    boolean isLaterLifeOf(GroupLife earlier, long known) {
        long later = created - earlier.created;
        boolean backwards = later > 0 && delivered < known;
        return backwards || later < 0 || later > RESTART_NANOS;
    }
}
