package io.leasehold.consume;

import io.leasehold.api.CheckReturnValue;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a handler decides about its delivery: emitted as an element by a handler's publisher, it replaces what its
 * completion would have meant. The last one counts.
 *
 * @param kind what to do
 * @param delay for {@link Kind#NAK}: how long to wait, or null for the consumer's backoff
 * @param reason why, told where the message ends: for {@link Kind#TERMINATE} and {@link Kind#DEAD_LETTER}, and for a
 *     {@link Kind#NAK} that turns out to be the last
 */
@CheckReturnValue
public record Disposition(
        Kind kind, @Nullable Duration delay, @Nullable String reason) {
    private static final Disposition ACK = new Disposition(Kind.ACK, null, null);

    /** Acks the message: it is done. */
    public static Disposition ack() {
        return ACK;
    }

    /**
     * Gives the message back for another delivery after the consumer's backoff. Counts as a failure: from {@code
     * maxDeliveries} on the message is dead-lettered instead.
     */
    public static Disposition nak() {
        return new Disposition(Kind.NAK, null, null);
    }

    /** Gives the message back for another delivery after a delay; counts as a failure as {@link #nak()} does. */
    public static Disposition nak(Duration delay) {
        return new Disposition(Kind.NAK, delay, null);
    }

    /** Has the message never be delivered again. */
    public static Disposition terminate(String reason) {
        return new Disposition(Kind.TERMINATE, null, reason);
    }

    /** Has the message go to the dead-letter topic, or never be delivered again when none is set. */
    public static Disposition deadLetter(String reason) {
        return new Disposition(Kind.DEAD_LETTER, null, reason);
    }

    /** The kinds of decision. */
    public enum Kind {
        /** Done. */
        ACK,
        /** Again. */
        NAK,
        /** Never again. */
        TERMINATE,
        /** To the dead-letter topic. */
        DEAD_LETTER
    }
}
