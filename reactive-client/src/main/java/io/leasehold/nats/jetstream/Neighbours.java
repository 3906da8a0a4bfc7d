package io.leasehold.nats.jetstream;

import io.leasehold.broker.DeliverySink;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import org.jspecify.annotations.Nullable;

/**
 * What others do with the messages of a group, as far as it can be heard: told to the leases that it ends. On the
 * connection's thread.
 */
final class Neighbours implements Beacon.Claims, Advisories.Hints {
    private final PullPort port;
    private final JetStreamSession session;
    private final DeliverySink sink;
    private final Beacon beacon;
    private final Advisories advisories = new Advisories(this);
    private long activeNanos;

    Neighbours(PullPort port, JetStreamSession session, DeliverySink sink) {
        this.port = port;
        this.session = session;
        this.sink = sink;
        this.beacon = new Beacon(session.connection(), this);
    }

    void listen(GroupLife life) {
        advisories.listen(session.connection(), life);
    }

    void stop() {
        beacon.stop();
        advisories.stop();
    }

    /** A delivery came: whoever had the message before is told. */
    void came(Delivered delivered) {
        held();
        beacon.listen(delivered.reply());
        if (delivered.deliveryCount() > 1) {
            session.connection().write(new Claim(port, delivered, session.holder()));
        }
    }

    /** Something is held at this moment: claims are listened to for two lease times from here. */
    void held() {
        boolean watched = beacon.isListening();
        activeNanos = session.sureNanos();
        if (!watched) {
            watch(2 * port.leaseNanos());
        }
    }

    private void watch(long nanos) {
        session.later(nanos, () -> {
            long left = activeNanos + 2 * port.leaseNanos() - session.sureNanos();
            if (left > 0 && port.loss() == null) {
                watch(left);
            } else {
                beacon.stop();
            }
        });
    }

    @Override
    public void claimed(AckSubject ack) {
        end(ack.message(), port.token(ack.delivery()), LeaseLoss.SUPERSEDED);
    }

    private void end(long message, @Nullable FencingToken newer, LeaseLoss loss) {
        if (port.loss() == null) {
            sink.ended(port.ref(message), newer, loss);
        }
    }

    @Override
    public void deaf(MessagingException why) {
        sink.troubled(why);
    }

    @Override
    public void changed() {
        port.suspect();
    }

    @Override
    public void terminated(long message) {
        end(message, null, LeaseLoss.MESSAGE_DELETED);
    }

    // A lease of a newer delivery is not meant.
    @Override
    public void naked(long message, long delivery) {
        end(message, port.token(delivery + 1), LeaseLoss.SETTLED_ELSEWHERE);
    }

    @Override
    public void givenUp(long message, long deliveries) {
        port.troubled(
                ErrorCode.NEVER_FINISHED,
                "the server gave up on message " + message + " after " + deliveries + " deliveries");
    }
}
