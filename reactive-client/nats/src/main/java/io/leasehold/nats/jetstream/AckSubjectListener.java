package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.connection.MessageHandler;
import io.leasehold.nats.connection.NatsConnection;
import io.leasehold.nats.connection.Subscription;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.nats.protocol.Subject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Learns that a message was handed to somebody else, which no server tells: whoever gets a redelivery touches it
 * before anything else, on the ack subject of that delivery, and ack subjects can be listened to. One subscription
 * for each delivery count from 2 to 9, so that nothing is sent while nothing is redelivered; and one for each
 * message that was redelivered to us, on which its former holder is heard, too. Where ack subjects may not be
 * listened to, a subject of our own serves, on which each redelivery is announced as well. On the connection's
 * thread.
 *
 * <p>It makes the news prompt; that the work ends in time is guaranteed by the deadline alone.
 */
final class AckSubjectListener implements MessageHandler {
    private static final int COUNT_FIRST = 2;
    private static final int COUNT_LAST = 9;

    private static final int DIGITS_MAX = 18;

    // Of what is beyond it the deadline alone guards.
    private static final int WATCHED_MAX = 1_024;

    private final NatsConnection connection;
    private final Observer observer;
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final Map<Long, Watched> watched = new HashMap<>();
    private String claims = "";
    private @Nullable AckSubject where;
    private @Nullable ConsumerLife whose;

    // Whether the connection was too full, and whoever asks again is to be waited for.
    private boolean refused;
    private volatile MonitorMode mode = MonitorMode.ACK_SUBJECTS;

    /** Is told what was heard. */
    interface Observer {
        /** Tells that a later delivery of a message was touched or settled by whoever holds it. */
        void claimed(long message, long delivery);

        /** Tells that an earlier holder of a message has settled it under us, who have that delivery. */
        void settledUnder(long message, long delivery);

        /** Tells that nothing is heard until {@link AckSubjectListener#again}, since the connection did not take it. */
        void hearsLater(MessagingException why);

        /** Tells that less is heard from now on: more is not permitted. */
        void hears(MonitorMode less, MessagingException why);
    }

    /** Is a redelivery that we have. */
    private static final class Watched {
        private final long delivery;
        private final Subscription subscription;
        private long heldNanos;

        Watched(long delivery, Subscription subscription, long heldNanos) {
            this.delivery = delivery;
            this.subscription = subscription;
            this.heldNanos = heldNanos;
        }
    }

    AckSubjectListener(NatsConnection connection, Observer observer) {
        this.connection = connection;
        this.observer = observer;
    }

    /** Returns how it hears. On any thread. */
    MonitorMode mode() {
        return mode;
    }

    /** Listens from now on, where the reply subject of any delivery tells. */
    void listen(AckSubject reply, ConsumerLife life) {
        if (refused || !subscriptions.isEmpty()) {
            return;
        }

        where = reply;
        whose = life;
        if (mode == MonitorMode.ACK_SUBJECTS) {
            String prefix = reply.front();
            for (int count = COUNT_FIRST; count <= COUNT_LAST && !refused; count++) {
                listen(prefix + count + ".>");
            }
            claims = SubjectClaim.subjectOf(life) + ".*";
        } else if (mode == MonitorMode.CLAIM_SUBJECT) {
            listen(claims);
        }
    }

    /** Listens again where it listened last. */
    void again() {
        refused = false;
        AckSubject reply = where;
        ConsumerLife life = whose;
        if (reply != null && life != null) {
            listen(reply, life);
        }
    }

    private void listen(String filter) {
        Subscription made = connection.subscribe(Subject.filter(filter), null, this);
        if (!refused) {
            subscriptions.add(made);
        }
    }

    /** Listens to the former holder of a message that was redelivered to us, while we have it. */
    void watch(NatsHandout handout, long now) {
        if (mode != MonitorMode.ACK_SUBJECTS || watched.size() >= WATCHED_MAX) {
            return;
        }

        Subject filter = Subject.filter(handout.reply().front() + "*." + handout.sequence() + ".>");
        Subscription subscription = connection.subscribe(filter, null, this);
        Watched former = watched.put(handout.sequence(), new Watched(handout.delivery(), subscription, now));
        if (former != null) {
            former.subscription.cancel();
        }
    }

    /** Notes that a delivery is held at this moment. */
    void held(NatsHandout handout, long now) {
        Watched mine = watched.get(handout.sequence());
        if (mine != null) {
            mine.heldNanos = now;
        }
    }

    /** Listens no more to the former holder of a redelivery that was settled. */
    void over(NatsHandout handout) {
        Watched mine = watched.isEmpty() ? null : watched.get(handout.sequence());
        if (mine != null && mine.delivery == handout.delivery()) {
            watched.remove(handout.sequence());
            mine.subscription.cancel();
        }
    }

    /** Forgets the redeliveries that were not held since an instant. */
    void forgetBefore(long nanos) {
        Iterator<Watched> each = watched.values().iterator();
        while (each.hasNext()) {
            Watched one = each.next();
            if (one.heldNanos - nanos < 0) {
                one.subscription.cancel();
                each.remove();
            }
        }
    }

    /** Listens no more. */
    void stop() {
        subscriptions.forEach(Subscription::cancel);
        subscriptions.clear();
        watched.values().forEach(one -> one.subscription.cancel());
        watched.clear();
    }

    @Override
    public void message(MessageFrame frame) {
        if (mode == MonitorMode.CLAIM_SUBJECT) {
            readClaim(frame);
            return;
        }

        AckSubject ack = AckSubject.of(frame.head(), 0, frame.replyStart(), null);
        if (ack == null) {
            return;
        }
        Watched mine = watched.get(ack.message());
        if (mine != null && ack.delivery() < mine.delivery) {
            if (settles(frame)) {
                observer.settledUnder(ack.message(), mine.delivery);
            }
        } else {
            observer.claimed(ack.message(), ack.delivery());
        }
    }

    // What is no claim is passed over.
    private void readClaim(MessageFrame frame) {
        byte[] head = frame.head();
        int token = frame.replyStart();
        while (token > 0 && head[token - 1] != '.') {
            token--;
        }
        long message = number(head, token, frame.replyStart());
        long delivery = number(frame.body(), 0, frame.body().length);
        if (message >= 0 && delivery >= 0) {
            observer.claimed(message, delivery);
        }
    }

    private static long number(byte[] bytes, int from, int to) {
        long number = 0;
        for (int at = from; at < to; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9 || at - from >= DIGITS_MAX) {
                return -1;
            }
            number = number * 10 + digit;
        }

        return from == to ? -1 : number;
    }

    // An empty body is an ack; a touch of a former holder is its last error, and takes nothing from us.
    private static boolean settles(MessageFrame frame) {
        byte[] body = frame.body();
        return body.length < 2 || body[1] != 'W';
    }

    @Override
    public void failed(MessagingException why) {
        if (mode == MonitorMode.NONE || why.code() == ErrorCode.CLOSED) {
            return;
        }

        stop();
        if (why.code() != ErrorCode.NOT_PERMITTED) {
            boolean first = !refused;
            refused = true;
            if (first) {
                observer.hearsLater(why);
            }
            return;
        }
        mode = mode == MonitorMode.ACK_SUBJECTS ? MonitorMode.CLAIM_SUBJECT : MonitorMode.NONE;
        if (mode == MonitorMode.CLAIM_SUBJECT) {
            listen(claims);
        }
        observer.hears(mode, why);
    }
}
