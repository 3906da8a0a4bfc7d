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
    private final Home home;
    private final ConnectionSettings.Rhythm rhythm;
    private final Liveness liveness;
    private final Alarm alarm;
    private long readyBy;

    LinkWatch(Link link, Home home, ConnectionSettings.Rhythm rhythm, RoundTrip roundTrip, Progress progress) {
        this.link = link;
        this.home = home;
        this.rhythm = rhythm;
        this.liveness = new Liveness(rhythm, roundTrip, progress);
        this.alarm = new Alarm(home, this::look);
    }

    void dialling() {
        readyBy = home.nanos() + rhythm.connectWithin().toNanos();
        alarm.at(readyBy);
    }

    void up() {
        liveness.begin(home.nanos());
        alarm.off();
        look();
    }

    void heard(int bytes) {
        if (liveness.isMuch(bytes)) {
            liveness.heard(home.nanos());
        }
    }

    void answered() {
        liveness.answered(home.nanos());
    }

    /** Something that we wrote has left. */
    void left() {
        liveness.left(home.nanos());
    }

    /** A ping is being written, up to this position; false when too many of them wait already. */
    boolean asks(long position, Sinks.@Nullable Empty<Void> waiter) {
        if (liveness.isFull() && waiter != null) {
            return false;
        }
        long now = home.nanos();
        liveness.asked(now, position, waiter);
        alarm.at(now + rhythm.pongWithin().toNanos());
        return true;
    }

    void written() {
        alarm.at(home.nanos() + rhythm.writeWithin().toNanos());
    }

    private void look() {
        long now = home.nanos();
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
        String within = " within " + rhythm.connectWithin().toMillis() + " ms";
        return switch (link.phase()) {
            case DIALLING -> "no answer" + within;
            case GREETING -> "it takes connections, but says nothing" + within + ", as a NATS server would";
            case SECURING -> "TLS was not made" + within;
            case PROVING, PROVEN, UP, ENDED -> "it did not welcome us" + within;
        };
    }

    private boolean isStuck(long now) {
        LinkWriter writer = link.writer();
        return writer.isWaiting()
                && now - writer.waitingSince() >= rhythm.writeWithin().toNanos();
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
        long leaves = writer.waitingSince() + rhythm.writeWithin().toNanos();
        alarm.at(writer.isWaiting() ? Math.min(next, leaves) : next);
    }

    void end(MessagingException reason) {
        alarm.off();
        liveness.end(reason);
    }
}
