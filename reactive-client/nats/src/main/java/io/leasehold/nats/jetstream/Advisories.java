package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.connection.MessageHandler;
import io.leasehold.nats.connection.NatsConnection;
import io.leasehold.nats.connection.Subscription;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.nats.protocol.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Hears what the server tells of a consumer to whom it may concern. It is published once and not kept, so that it is a
 * hint and never a proof.
 *
 * <pre>
 *   subject  $JS.EVENT.ADVISORY.CONSUMER.kind.stream.consumer
 * </pre>
 */
final class Advisories implements MessageHandler {
    private static final String PREFIX = "$JS.EVENT.ADVISORY.CONSUMER.";

    private final Hints hints;
    private @Nullable Subscription subscription;

    /** Is told what was heard. */
    interface Hints {
        /** Tells that the consumer was deleted, changed or made. */
        void changed();

        /** Tells that another server keeps the consumer from now on. */
        void moved();

        /** Tells that somebody terminated the message, or it was deleted. */
        void terminated(long message);

        /** Tells that somebody gave that delivery back. */
        void naked(long message, long delivery);

        /** Tells that the connection did not take the subscription: it is to be listened to again. */
        void unheard();

        /** Tells that the server does not deliver the message any more. */
        void givenUp(long message, long deliveries);
    }

    Advisories(Hints hints) {
        this.hints = hints;
    }

    void listen(NatsConnection connection, ConsumerLife life) {
        subscription =
                connection.subscribe(Subject.filter(PREFIX + "*." + life.stream() + "." + life.consumer()), null, this);
    }

    void stop() {
        Subscription present = subscription;
        if (present != null) {
            present.cancel();
        }
    }

    @Override
    public void message(MessageFrame frame) {
        String subject = frame.subject();
        int end = subject.indexOf('.', PREFIX.length());
        if (end < 0 || !subject.startsWith(PREFIX)) {
            return;
        }
        try {
            hint(subject.substring(PREFIX.length(), end), frame);
        } catch (MessagingException unreadable) {
            // Anybody may publish here, and it is a hint only.
            return;
        }
    }

    private void hint(String kind, MessageFrame frame) {
        switch (kind) {
            case "DELETED", "CREATED", "UPDATED" -> hints.changed();
            case "LEADER_ELECTED" -> hints.moved();
            case "MSG_TERMINATED" -> hints.terminated(ApiResponse.of(frame).number("stream_seq", 0));
            case "MSG_NAKED" -> {
                ApiResponse told = ApiResponse.of(frame);
                hints.naked(told.number("stream_seq", 0), told.number("consumer_seq", 0));
            }
            case "MAX_DELIVERIES" -> {
                ApiResponse told = ApiResponse.of(frame);
                hints.givenUp(told.number("stream_seq", 0), told.number("deliveries", 0));
            }
            default -> {}
        }
    }

    // Without them everything is learnt a little later.
    @Override
    public void failed(MessagingException why) {
        subscription = null;
        if (why.code() != ErrorCode.NOT_PERMITTED && why.code() != ErrorCode.CLOSED) {
            hints.unheard();
        }
    }
}
