package io.leasehold.nats.jetstream;

import io.leasehold.error.MessagingException;
import io.leasehold.nats.connection.MessageHandler;
import io.leasehold.nats.connection.NatsConnection;
import io.leasehold.nats.connection.Subscription;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.nats.protocol.Subject;
import java.util.ArrayList;
import java.util.List;

/**
 * Learns that a message was handed to somebody else, which no server tells: whoever gets a redelivery touches it before
 * anything else, on the ack subject of that delivery, and ack subjects can be listened to. One subscription for each
 * delivery count from 2, so that nothing is sent while nothing is redelivered, and only for as long as something was
 * held lately. On the connection's thread.
 *
 * <p>It makes the news prompt; that the work ends in time is guaranteed by the deadline alone.
 */
final class Beacon implements MessageHandler {
    private static final int COUNT_FIRST = 2;
    private static final int COUNT_LAST = 9;

    private final NatsConnection connection;
    private final Claims claims;
    private final List<Subscription> subscriptions = new ArrayList<>();
    private boolean refused;

    /** Who wants to know. */
    interface Claims {
        /** A delivery of a message was touched or settled by whoever holds it. */
        void claimed(AckSubject ack);

        /** Nothing can be heard: not permitted. */
        void deaf(MessagingException why);
    }

    Beacon(NatsConnection connection, Claims claims) {
        this.connection = connection;
        this.claims = claims;
    }

    /** Listens from now on. The reply subject of any delivery tells where. */
    void listen(Subject reply) {
        if (!subscriptions.isEmpty() || refused) {
            return;
        }
        String prefix = prefixOf(reply.toString());
        for (int count = COUNT_FIRST; count <= COUNT_LAST; count++) {
            subscriptions.add(connection.subscribe(Subject.filter(prefix + count + ".>"), null, this));
        }
    }

    // All before the delivery count: five tokens follow it, and in longer forms more.
    private static String prefixOf(String reply) {
        String[] tokens = reply.split("\\.");
        int before = AckSubject.countAt(tokens.length);
        return String.join(".", List.of(tokens).subList(0, before)) + ".";
    }

    boolean isListening() {
        return !subscriptions.isEmpty();
    }

    /** Listens no more. */
    void stop() {
        subscriptions.forEach(Subscription::cancel);
        subscriptions.clear();
    }

    @Override
    public void message(MessageFrame frame) {
        AckSubject ack = AckSubject.of(frame.content(), 0, frame.replyStart());
        if (ack != null) {
            claims.claimed(ack);
        }
    }

    @Override
    public void failed(MessagingException why) {
        if (!refused) {
            refused = true;
            stop();
            claims.deaf(why);
        }
    }
}
