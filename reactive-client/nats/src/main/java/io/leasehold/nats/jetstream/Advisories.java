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
 * What the server tells of a consumer to whom it may concern, on {@code $JS.EVENT.ADVISORY.CONSUMER.<kind>.<stream>.
 * <consumer>}: published once and not kept, so that it is a hint and never a proof.
 */
final class Advisories implements MessageHandler {
    private static final String PREFIX = "$JS.EVENT.ADVISORY.CONSUMER.";

    private final Hints hints;
    private @Nullable Subscription subscription;

    /** Who wants to know. */
    interface Hints {
        /** The consumer was deleted, changed or made. */
        void changed();

        /** Another server keeps the consumer from now on. */
        void moved();

        /** Somebody terminated the message, or it was deleted. */
        void terminated(long message);

        /** Somebody gave that delivery back. */
        void naked(long message, long delivery);

        /** The connection did not take the subscription: it is to be listened to again. */
        void unheard();

        /** The server does not deliver the message any more. */
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
