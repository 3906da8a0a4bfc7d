package io.leasehold.nats;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.nats.jetstream.PublishOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What a publish may ask of a JetStream stream beyond being stored. Each returns the message with the option; another
 * broker than NATS sees a header that it does not know.
 *
 * <pre>{@code
 * publisher.publish(NatsOptions.expectLastSubjectSequence(message, 41))
 *         .onErrorResume(NatsOptions::isNotAsExpected, lost -> readAgain());
 * }</pre>
 *
 * <p>What the stream does not find as expected ends with {@link ErrorCode#NOT_AS_EXPECTED}, stored nowhere; what the
 * servers are too old for with {@link ErrorCode#UNSUPPORTED}, before it is written.
 */
public final class NatsOptions {
    private NatsOptions() {}

    /** Only this stream may take it. */
    public static Message expectStream(Message message, String stream) {
        return with(message, PublishOption.EXPECTED_STREAM, stream);
    }

    /** Only while this is the sequence of the last message of the stream; 0 for an empty one. */
    public static Message expectLastSequence(Message message, long sequence) {
        return with(message, PublishOption.EXPECTED_LAST_SEQUENCE, number(sequence));
    }

    /** Only while this is the sequence of the last message of the same topic; 0 for none. */
    public static Message expectLastSubjectSequence(Message message, long sequence) {
        return with(message, PublishOption.EXPECTED_LAST_SUBJECT_SEQUENCE, number(sequence));
    }

    /** Only while this is the id of the last message of the stream. */
    public static Message expectLastId(Message message, MessageId id) {
        return with(message, PublishOption.EXPECTED_LAST_ID, id.value());
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
        return with(message, PublishOption.TIME_TO_LIVE, Long.toString(time.toSeconds()));
    }

    /**
     * Published to its topic at an instant; until then it waits under another topic of the same stream, where it can
     * be replaced. Servers 2.12 and later.
     *
     * @param at the instant, of which the fraction of the second is dropped
     * @param waitingTopic where it waits
     */
    public static Message publishAt(Message message, Instant at, String waitingTopic) {
        Message waiting = message.topic(waitingTopic);
        Message timed = with(waiting, PublishOption.SCHEDULE, "@at " + at.truncatedTo(ChronoUnit.SECONDS));
        return with(timed, PublishOption.SCHEDULE_TARGET, message.topic());
    }

    /** Whether a publish was refused because the stream was not as it expected. */
    public static boolean isNotAsExpected(Throwable error) {
        return MessagingException.codeOf(error) == ErrorCode.NOT_AS_EXPECTED;
    }

    private static String number(long sequence) {
        if (sequence < 0) {
            throw MessagingException.badSetting("expected sequence", sequence, "0 or more");
        }
        return Long.toString(sequence);
    }

    private static Message with(Message message, PublishOption option, String value) {
        return message.headers(message.headers().without(option.header()).with(option.header(), value));
    }
}
