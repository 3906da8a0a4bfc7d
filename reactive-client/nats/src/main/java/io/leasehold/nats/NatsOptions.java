package io.leasehold.nats;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.broker.PublishCondition;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What a publish may ask of a JetStream stream beyond being stored. Each returns the message with the option, as a
 * header. A broker that does not know it, like the embedded one, refuses the message with {@link
 * ErrorCode#UNSUPPORTED}: no condition is ever dropped.
 *
 * <pre>{@code
 * publisher.publish(NatsOptions.expectLastSubjectSequence(message, 41))
 *         .onErrorResume(NatsOptions::isNotAsExpected, lost -> readAgain());
 * }</pre>
 *
 * <p>What the stream does not find as expected ends with {@link ErrorCode#NOT_AS_EXPECTED}, stored nowhere; what the
 * servers are too old for with {@link ErrorCode#UNSUPPORTED}, before it is written.
 */
@CheckReturnValue
public final class NatsOptions {
    private static final Instant FIRST = Instant.EPOCH;
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

    private NatsOptions() {}

    /** Only this stream may take it. */
    public static Message expectStream(Message message, String stream) {
        return with(message, PublishCondition.EXPECTED_STREAM, stream);
    }

    /** Only while this is the sequence of the last message of the stream; 0 for an empty one. */
    public static Message expectLastSequence(Message message, long sequence) {
        return with(message, PublishCondition.EXPECTED_LAST_SEQUENCE, number(sequence));
    }

    /** Only while this is the sequence of the last message of the same topic; 0 for none. */
    public static Message expectLastSubjectSequence(Message message, long sequence) {
        return with(message, PublishCondition.EXPECTED_LAST_SUBJECT_SEQUENCE, number(sequence));
    }

    /** Only while this is the id of the last message of the stream. */
    public static Message expectLastId(Message message, MessageId id) {
        return with(message, PublishCondition.EXPECTED_LAST_ID, id.value());
    }

    /**
     * Kept for so long, counted from when it is stored; servers 2.11 and later.
     *
     * @param time whole seconds, 1 or more
     * @throws MessagingException {@code BAD_SETTING}
     */
    public static Message timeToLive(Message message, Duration time) {
        if (time.toSeconds() < 1 || !time.equals(Duration.ofSeconds(time.toSeconds()))) {
            throw MessagingException.badSetting("time to live", time, "whole seconds, 1 or more");
        }
        return with(message, PublishCondition.TIME_TO_LIVE, Long.toString(time.toSeconds()));
    }

    /**
     * Published to its topic at an instant; until then it waits under another topic of the same stream, where it can
     * be replaced. Never published before the instant, and within milliseconds of it where the server is not busy; one
     * that is past is published at once. A group whose filter takes the waiting topic is given the waiting message like
     * any other. Servers 2.12 and later, on a stream that allows it; else it is refused with {@code UNSUPPORTED}, as by
     * the embedded broker, which knows none of these options: nothing is published at the wrong time.
     *
     * @param at the instant, up to the year 9999; what is finer than a millisecond is rounded up
     * @param waitingTopic where it waits
     * @throws MessagingException {@code BAD_SETTING}, {@code BAD_TOPIC}
     */
    public static Message publishAt(Message message, Instant at, String waitingTopic) {
        Message waiting = message.topic(waitingTopic);
        Message timed = with(waiting, PublishCondition.SCHEDULE, "@at " + notEarlier(at));
        return with(timed, PublishCondition.SCHEDULE_TARGET, message.topic());
    }

    /** Whether a publish was refused because the stream was not as it expected. */
    public static boolean isNotAsExpected(Throwable error) {
        return MessagingException.codeOf(error) == ErrorCode.NOT_AS_EXPECTED;
    }

    private static Instant notEarlier(Instant at) {
        Instant cut = at.truncatedTo(ChronoUnit.MILLIS);
        Instant rounded = cut.equals(at) ? at : cut.plusMillis(1);
        if (rounded.isBefore(FIRST) || rounded.isAfter(LAST)) {
            throw MessagingException.badSetting("instant to publish at", at, "in " + FIRST + ".." + LAST);
        }
        return rounded;
    }

    private static String number(long sequence) {
        if (sequence < 0) {
            throw MessagingException.badSetting("expected sequence", sequence, "0 or more");
        }
        return Long.toString(sequence);
    }

    private static Message with(Message message, PublishCondition option, String value) {
        return message.headers(message.headers().without(option.header()).with(option.header(), value));
    }
}
