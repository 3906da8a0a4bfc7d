package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.LeaseTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Is one life of a consumer at the server.
 *
 * @param stream its stream
 * @param consumer its name
 * @param created when it was created, in nanoseconds since 1970, as the server says that was asked: a later life has
 *     more, but before 2.11 each server of a cluster says after its restart when it made its own replica, which is
 *     minutes later where it was away then, or had to begin anew
 * @param mark the same as the server said that made it, noted in its description by whoever had it made; 0 without
 * @param alive the latest instant at which servers are known to have had it, by their clocks, in nanoseconds since 1970
 * @param delivered the number of its latest delivery
 * @param floor up to this sequence of the stream everything is settled
 * @param waits how long deliveries are lent: the first, the second and so on, the last entry for all
 *     that follow; one entry, its {@code ack_wait}, where it has no {@code backoff}
 */
record ConsumerLife(
        String stream,
        String consumer,
        long created,
        long mark,
        long alive,
        long delivered,
        long floor,
        List<LeaseTime> waits,
        PullLimits limits) {
    /** What the description of a consumer is that was made here; the mark of its life follows. */
    static final String OURS = "leasehold";

    // Servers 2.9 and 2.10 that were all there when a consumer was made were seen to tell instants 8 ms apart.
    private static final long DRIFT_NANOS = 50_000_000L;
    private static final long SAME_NANOS = 5_000_000_000L;
    // By how much the clocks of two servers may differ.
    private static final long CLOCKS_NANOS = 1_000_000_000L;
    private static final Pattern MARK = Pattern.compile(OURS + " life (\\d{1,18}\\d)");

    private static final long WAIT_NANOS = 30_000_000_000L;
    private static final long LONGEST_NANOS = LeaseTime.LIMIT.toNanos();

    /**
     * Reads the answer that tells of a consumer.
     *
     * @throws MessagingException {@link ErrorCode#PROTOCOL} when it cannot be one
     */
    static ConsumerLife of(ApiResponse info) {
        ApiResponse config = info.part("config");
        List<Long> steps = config.numbers("backoff");
        List<Long> waits = steps.isEmpty() ? List.of(config.number("ack_wait", WAIT_NANOS)) : steps;
        if (waits.stream().anyMatch(wait -> wait <= 0)) {
            throw JetStreamErrors.untrue(info.text("name"));
        }
        long created = created(info);

        return new ConsumerLife(
                info.text("stream_name"),
                info.text("name"),
                created,
                mark(config.text("description")),
                alive(info, created),
                info.part("delivered").number("consumer_seq", 0),
                info.part("ack_floor").number("stream_seq", 0),
                // Counting with less than a server lends is safe.
                waits.stream()
                        .map(wait -> new LeaseTime(Math.min(wait, LONGEST_NANOS), true))
                        .toList(),
                PullLimits.of(config));
    }

    private static long mark(String description) {
        Matcher mark = MARK.matcher(description);
        try {
            return mark.matches() ? Long.parseLong(mark.group(1)) : 0;
        } catch (NumberFormatException tooLarge) {
            return 0;
        }
    }

    /** Returns the description that carries the mark of a life. */
    static String marked(long mark) {
        return OURS + " life " + mark;
    }

    /**
     * Returns what stands for this life in tokens: the same for all clients, servers and restarts where there is a
     * mark.
     */
    long number() {
        return mark == 0 ? created : mark;
    }

    /** Returns what is told now of a life that is known: what names it stays as it was. */
    ConsumerLife in(ConsumerLife known) {
        long latest = Math.max(known.alive, alive);
        return new ConsumerLife(stream, consumer, known.created, known.mark, latest, delivered, floor, waits, limits);
    }

    /** Returns the same life, marked by when it was created. */
    ConsumerLife marked() {
        return new ConsumerLife(stream, consumer, created, created, alive, delivered, floor, waits, limits);
    }

    /**
     * Tells whether an answer tells of a consumer. Without an error, servers up to 2.9 tell of none while they delete
     * it or shut down: nobody knows then which of the two it is.
     */
    static boolean isTold(ApiResponse info) {
        return info.has("created") || info.has("name");
    }

    private static long created(ApiResponse info) {
        try {
            return nanos(info.text("created"));
        } catch (DateTimeException | ArithmeticException wrong) {
            throw JetStreamErrors.untrue(info.text("name"));
        }
    }

    private static long alive(ApiResponse info, long created) {
        long answered = instant(info.text("ts"), created);
        long active = instant(info.part("delivered").text("last_active"), created);
        return Math.max(created, Math.max(answered, active));
    }

    // Servers before 2.10 do not say when they answer, and none says when it delivered before it did.
    private static long instant(String text, long otherwise) {
        try {
            return text.isEmpty() ? otherwise : nanos(text);
        } catch (DateTimeException | ArithmeticException wrong) {
            return otherwise;
        }
    }

    private static long nanos(String text) {
        Instant instant = Instant.parse(text);
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
    }

    /** Returns how long a delivery is lent, by its count from 1, in nanoseconds. */
    long waitNanos(int count) {
        return leaseTime(count).nanos();
    }

    /** Returns the same as a lease time. */
    LeaseTime leaseTime(int count) {
        return waits.get(Math.min(count, waits.size()) - 1);
    }

    /** Returns the shortest of them, in nanoseconds. */
    long shortestNanos() {
        long shortest = waits.get(0).nanos();
        for (int i = 1; i < waits.size(); i++) {
            shortest = Math.min(shortest, waits.get(i).nanos());
        }
        return shortest;
    }

    /** Returns the delay to ask for, so that a nak waits for so long: servers add by how much this step is longer. */
    long nakDelay(long nanos, int count) {
        return nanos <= 0 ? 0 : Math.max(1, nanos - (waitNanos(count) - waitNanos(1)));
    }

    /**
     * Tells whether this is another life than an earlier one, of which so many deliveries are known. Both were told by
     * the consumer's leader. Two marks are two lives. Where they are the same, or one is missing since operators made
     * the consumer or another instance is about to mark it, its instant tells: what was created before the earlier life
     * was last told of is that life, as a server tells of it whose replica is younger. The same mark on what was
     * created later is a copy that somebody made, and has had fewer deliveries.
     */
    boolean isLaterLifeOf(ConsumerLife earlier, long known) {
        boolean marked = mark != 0 && earlier.mark != 0;
        if (marked && mark != earlier.mark) {
            return true;
        }
        if (created <= earlier.alive - CLOCKS_NANOS) {
            return false;
        }
        long moved = Math.abs(created - earlier.created);
        if (delivered < known) {
            return moved > (marked ? SAME_NANOS : DRIFT_NANOS);
        }

        return !marked && moved > SAME_NANOS;
    }
}
