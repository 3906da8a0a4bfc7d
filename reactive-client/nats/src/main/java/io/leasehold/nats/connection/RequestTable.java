package io.leasehold.nats.connection;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.HeaderBlock;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.wire.ConnectionLoop;
import io.leasehold.wire.RoundTrip;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait for an answer. All answers come to one subscription; where an answer belongs stands in its
 * subject, so that a request needs no subscription, no map entry and no text of its own:
 *
 * <pre>
 *   _INBOX.4f0c...e1.  0002a  0000001b3c7
 *   prefix             slot   serial number, both in hexadecimal digits
 * </pre>
 *
 * <p>A slot is used again, a serial number is not: an answer that comes when its request has ended finds another
 * number, or none. Belongs to the connection's own thread.
 */
final class RequestTable {
    static final int SLOTS_MAX = 1 << 20;

    /** As long as any reply subject, for counting bytes. */
    static final byte[] REPLY_ROOM = new byte[96];

    private static final int URGENT_SLOTS = 1 << 16;
    private static final int SLOT_DIGITS = 5;
    private static final int SERIAL_DIGITS = 11;
    private static final int FIRST_SLOTS = 64;
    private static final int NO_RESPONDERS = 503;
    private static final int SAMPLED = 31;
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private final int limit;
    private final ConnectionLoop loop;
    private final RoundTrip roundTrip;
    private final byte[] reply;
    private final RequestWheel wheel = new RequestWheel();
    private @Nullable Request[] slots = new @Nullable Request[FIRST_SLOTS];
    private int[] free = new int[FIRST_SLOTS];
    private int freeCount;
    private int used;
    private long serial;
    private long late;
    private @Nullable MessagingException denied;

    RequestTable(int limit, String answers, ConnectionLoop loop, RoundTrip roundTrip) {
        this.limit = Math.min(limit, SLOTS_MAX - URGENT_SLOTS);
        this.loop = loop;
        this.roundTrip = roundTrip;
        byte[] prefix = answers.getBytes(StandardCharsets.US_ASCII);
        this.reply = Arrays.copyOf(prefix, prefix.length + SLOT_DIGITS + SERIAL_DIGITS);
    }

    RoundTrip roundTrip() {
        return roundTrip;
    }

    /** What the one subscription for all answers listens to. */
    String inbox() {
        int prefix = reply.length - SLOT_DIGITS - SERIAL_DIGITS;
        return new String(reply, 0, prefix, StandardCharsets.US_ASCII) + "*";
    }

    /** Why no request can be taken now; null when one can. Urgent ones have room where others have none. */
    @Nullable
    MessagingException problem(boolean urgent) {
        if (denied != null) {
            return denied;
        }

        if (size() < (urgent ? SLOTS_MAX : limit)) {
            return null;
        }

        return new MessagingException(
                ErrorCode.CONNECTION_FULL,
                limit + " requests wait for their answers",
                "nats.requests",
                "wait, or allow more of them");
    }

    /** No answer can come: the server does not let us subscribe to our inbox. */
    void deny(MessagingException why) {
        denied = why;
        endAll(why);
    }

    void permit() {
        denied = null;
    }

    /** Takes a request; returns the reply subject, good until the next call. */
    byte[] open(Request request, long now) {
        int slot = freeCount > 0 ? free[--freeCount] : grown();
        slots[slot] = request;
        request.slot = slot;
        request.serial = ++serial;
        request.writtenAt = now;
        request.deadline = now + Math.max(0, request.limitNanos());
        wheel.add(request);
        int at = reply.length - SLOT_DIGITS - SERIAL_DIGITS;
        writeHex(slot, at, SLOT_DIGITS);
        writeHex(serial, at + SLOT_DIGITS, SERIAL_DIGITS);

        return reply;
    }

    private int grown() {
        if (used == slots.length) {
            int longer = Math.min(SLOTS_MAX, 2 * used);
            slots = Arrays.copyOf(slots, longer);
            free = Arrays.copyOf(free, longer);
        }
        return used++;
    }

    private void writeHex(long value, int from, int digits) {
        long rest = value;
        for (int i = from + digits - 1; i >= from; i--) {
            reply[i] = HEX[(int) (rest & 15)];
            rest >>>= 4;
        }
    }

    /** Gives an answer to the request that it belongs to; false when that has ended. */
    boolean answer(MessageFrame frame) {
        Request request = find(frame);
        if (request == null) {
            late++;
            return false;
        }

        close(request);
        if ((request.serial & SAMPLED) == 0) {
            roundTrip.add(loop.nanos() - request.writtenAt);
        }
        if (HeaderBlock.status(frame) == NO_RESPONDERS) {
            request.failed(nobody(request));
        } else {
            request.answered(frame);
        }

        return true;
    }

    private static MessagingException nobody(Request request) {
        return new MessagingException(
                ErrorCode.NO_RESPONDERS,
                "nobody answers requests",
                request.subject().toString(),
                "check that the stream or consumer exists; during an election, try again");
    }

    private @Nullable Request find(MessageFrame frame) {
        byte[] head = frame.head();
        if (frame.replyStart() != reply.length) {
            return null;
        }
        int at = reply.length - SLOT_DIGITS - SERIAL_DIGITS;
        long slot = readHex(head, at, SLOT_DIGITS);
        long number = readHex(head, at + SLOT_DIGITS, SERIAL_DIGITS);
        Request request = slot >= 0 && slot < used ? slots[(int) slot] : null;
        return request != null && request.serial == number ? request : null;
    }

    private static long readHex(byte[] from, int at, int digits) {
        long value = 0;
        for (int i = at; i < at + digits; i++) {
            int digit = Character.digit(from[i], 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /** Forgets a request without telling it. */
    void close(Request request) {
        int slot = request.slot;
        if (slot != Request.NO_SLOT && slots[slot] == request) {
            slots[slot] = null;
            free[freeCount++] = slot;
            request.slot = Request.NO_SLOT;
            wheel.remove(request);
        }
    }

    private void end(Request request, MessagingException why) {
        close(request);
        loop.guarded(() -> request.failed(why));
    }

    /**
     * Ends those that have waited for as long as they wanted to, from when the server can have read them.
     *
     * @param onTheWay how long what ends at a position among the bytes of the link may be on its way, in nanoseconds
     */
    void expire(long now, LongUnaryOperator onTheWay) {
        wheel.turn(now, request -> {
            long limit = Math.max(RequestWheel.TICK_NANOS, request.limitNanos());
            long waited = now - request.writtenAt - onTheWay.applyAsLong(request.position);
            if (waited >= request.limitNanos()) {
                end(request, late(request));
            } else {
                wheel.remove(request);
                request.deadline = now + Math.min(limit, request.limitNanos() - waited);
                wheel.add(request);
            }
        });
    }

    private static MessagingException late(Request request) {
        return new MessagingException(
                ErrorCode.UNKNOWN,
                "the answer did not come in time",
                request.subject().toString(),
                "find out whether it happened, or repeat it under the same id");
    }

    /** Ends all of them in the same way. */
    void endAll(MessagingException why) {
        for (int slot = 0; slot < used; slot++) {
            Request request = slots[slot];
            if (request != null) {
                end(request, why);
            }
        }
    }

    /** Ends the one that was written first of those to a subject; false when there is none. */
    boolean deny(String subject, MessagingException why) {
        byte[] bytes = subject.getBytes(StandardCharsets.US_ASCII);
        Request first = null;
        for (int slot = 0; slot < used; slot++) {
            Request request = slots[slot];
            boolean same = request != null && Arrays.equals(request.subject().bytes(), bytes);
            if (same && (first == null || request.serial < first.serial)) {
                first = request;
            }
        }
        if (first == null) {
            return false;
        }

        end(first, why);

        return true;
    }

    int size() {
        return used - freeCount;
    }

    /** How many answers came for requests that had ended. */
    long late() {
        return late;
    }
}
