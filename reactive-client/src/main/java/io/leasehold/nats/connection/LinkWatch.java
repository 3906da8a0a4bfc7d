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

    LinkWatch(Link link, Home home, ConnectionSettings.Rhythm rhythm, RoundTrip roundTrip) {
        this.link = link;
        this.home = home;
        this.rhythm = rhythm;
        this.liveness = new Liveness(rhythm, roundTrip);
        this.alarm = new Alarm(home, this::look);
    }

    void dialling() {
        alarm.at(home.nanos() + rhythm.connectWithin().toNanos());
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

    /** A ping is being written; false when too many of them wait already. */
    boolean asks(Sinks.@Nullable Empty<Void> waiter) {
        if (liveness.isFull() && waiter != null) {
            return false;
        }
        liveness.asked(home.nanos(), waiter);
        return true;
    }

    void written() {
        alarm.at(home.nanos() + rhythm.writeWithin().toNanos());
    }

    private void look() {
        long now = home.nanos();
        if (!link.isUp()) {
            link.lose("it was not ready in time (" + link.phase() + ")");
        } else if (liveness.isDead(now)) {
            link.lose("the server does not answer");
        } else if (isStuck(now)) {
            link.lose("the server does not read");
        } else {
            lookAgain(now);
        }
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
