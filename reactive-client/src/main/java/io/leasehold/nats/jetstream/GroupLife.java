package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.LeaseTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;

/**
 * One life of a consumer at the server.
 *
 * @param stream its stream
 * @param consumer its name
 * @param created when it was created, in nanoseconds since 1970: a later life has more
 * @param delivered the number of its latest delivery
 * @param waits how long deliveries are lent: the first, the second and so on, the last entry for all
 *     that follow; one entry, its {@code ack_wait}, where it has no {@code backoff}
 */
record GroupLife(String stream, String consumer, long created, long delivered, List<LeaseTime> waits) {
    // With their first restart servers 2.9 and 2.10 tell an instant that is up to a millisecond later.
    private static final long RESTART_NANOS = 10_000_000L;

    private static final long WAIT_NANOS = 30_000_000_000L;
    private static final long LONGEST_NANOS = LeaseTime.LIMIT.toNanos();

    /**
     * Reads the answer that tells of a consumer.
     *
     * @throws MessagingException {@link ErrorCode#PROTOCOL} when it cannot be one
     */
    static GroupLife of(ApiAnswer info) {
        ApiAnswer config = info.part("config");
        List<Long> steps = config.numbers("backoff");
        List<Long> waits = steps.isEmpty() ? List.of(config.number("ack_wait", WAIT_NANOS)) : steps;
        if (waits.stream().anyMatch(wait -> wait <= 0)) {
            throw malformed(info);
        }
        return new GroupLife(
                info.text("stream_name"),
                info.text("name"),
                created(info),
                info.part("delivered").number("consumer_seq", 0),
                // Counting with less than a server lends is safe.
                waits.stream()
                        .map(wait -> new LeaseTime(Math.min(wait, LONGEST_NANOS), true))
                        .toList());
    }

    /**
     * Whether an answer tells of a consumer. Without an error, servers up to 2.9 tell of none while they delete it or
     * shut down: nobody knows then which of the two it is.
     */
    static boolean isTold(ApiAnswer info) {
        return info.has("created") || info.has("name");
    }

    private static long created(ApiAnswer info) {
        try {
            Instant created = Instant.parse(info.text("created"));
            return Math.addExact(Math.multiplyExact(created.getEpochSecond(), 1_000_000_000L), created.getNano());
        } catch (DateTimeException | ArithmeticException wrong) {
            throw malformed(info);
        }
    }

    private static MessagingException malformed(ApiAnswer info) {
        return new MessagingException(
                ErrorCode.PROTOCOL,
                "what is told of a consumer cannot be true",
                info.text("name"),
                "check what answers on $JS.API in this account");
    }

    /** How long a delivery is lent, by its count from 1, in nanoseconds. */
    long waitNanos(int count) {
        return leaseTime(count).nanos();
    }

    /** The same as a lease time. */
    LeaseTime leaseTime(int count) {
        return waits.get(Math.min(count, waits.size()) - 1);
    }

    /** The shortest of them, in nanoseconds. */
    long shortestNanos() {
        long shortest = waits.get(0).nanos();
        for (int i = 1; i < waits.size(); i++) {
            shortest = Math.min(shortest, waits.get(i).nanos());
        }
        return shortest;
    }

    /** The delay to ask for, so that a nak waits for so long: servers add by how much this step is longer. */
    long nakDelay(long nanos, int count) {
        return nanos <= 0 ? 0 : Math.max(1, nanos - (waitNanos(count) - waitNanos(1)));
    }

    /** Whether this is another life than an earlier one, of which so many deliveries are known. */
    boolean isLaterLifeOf(GroupLife earlier, long known) {
        long later = created - earlier.created;
        boolean backwards = later > 0 && delivered < known;
        return backwards || later < 0 || later > RESTART_NANOS;
    }
}
