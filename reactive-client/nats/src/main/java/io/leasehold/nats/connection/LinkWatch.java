package io.leasehold.nats.connection;

import io.leasehold.error.MessagingException;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Sinks;

/**
 * Sees to it that a link gets ready in its time, that its server answers, and that what we write leaves: one timer,
 * set to whichever of these is due first.
 */
final class LinkWatch {
    private final Link link;
    private final ConnectionLoop loop;
    private final ConnectionSettings.Timeouts timeouts;
    private final Liveness liveness;
    private final Alarm alarm;
    private long readyBy;

    LinkWatch(
            Link link,
            ConnectionLoop loop,
            ConnectionSettings.Timeouts timeouts,
            RoundTrip roundTrip,
            Progress progress) {
        this.link = link;
        this.loop = loop;
        this.timeouts = timeouts;
        this.liveness = new Liveness(timeouts, roundTrip, progress);
        this.alarm = new Alarm(loop, this::look);
    }

    void dialling() {
        readyBy = loop.nanos() + timeouts.connectTimeout().toNanos();
        alarm.at(readyBy);
    }

    void up() {
        liveness.begin(loop.nanos());
        alarm.off();
        look();
    }

    void heard(int bytes) {
        if (liveness.isMuch(bytes)) {
            liveness.heard(loop.nanos());
        }
    }

    void answered() {
        liveness.answered(loop.nanos());
    }

    /** Something that we wrote has left. */
    void left() {
        liveness.left(loop.nanos());
    }

    /** A ping is being written, up to this position; false when too many of them wait already. */
    boolean asks(long position, Sinks.@Nullable Empty<Void> waiter) {
        if (liveness.isFull() && waiter != null) {
            return false;
        }
        long now = loop.nanos();
        liveness.asked(now, position, waiter);
        alarm.at(now + timeouts.pongTimeout().toNanos());
        return true;
    }

    void written() {
        alarm.at(loop.nanos() + timeouts.writeTimeout().toNanos());
    }

    private void look() {
        long now = loop.nanos();
        if (!link.isUp() && now - readyBy < 0) {
            alarm.at(readyBy);
        } else if (!link.isUp()) {
            link.lose(unready());
        } else if (liveness.isDead(now)) {
            link.lose("the server does not answer");
        } else if (isStuck(now)) {
            link.lose("the server does not read");
        } else {
            lookAgain(now);
        }
    }

    private String unready() {
        String within = " within " + timeouts.connectTimeout().toMillis() + " ms";
        return switch (link.phase()) {
            case CONNECTING -> "no answer" + within;
            case GREETING -> "it takes connections, but says nothing" + within + ", as a NATS server would";
            case SECURING -> "TLS was not made" + within;
            case AUTHENTICATING, CONNECT_SENT, UP, ENDED -> "it did not welcome us" + within;
        };
    }

    private boolean isStuck(long now) {
        LinkWriter writer = link.writer();
        return writer.isWaiting()
                && now - writer.waitingSince() >= timeouts.writeTimeout().toNanos();
    }

    private void lookAgain(long now) {
        if (liveness.isPingDue(now)) {
            ByteBuf out = link.writer().allocate(0);
            link.ping(out, null);
            link.write(out);
            link.writer().flush();
        }
        long next = liveness.nextLook(now);
        LinkWriter writer = link.writer();
        long leaves = writer.waitingSince() + timeouts.writeTimeout().toNanos();
        alarm.at(writer.isWaiting() ? Math.min(next, leaves) : next);
    }

    void end(MessagingException reason) {
        alarm.off();
        liveness.end(reason);
    }
}
