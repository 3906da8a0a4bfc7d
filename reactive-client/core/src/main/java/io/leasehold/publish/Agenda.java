package io.leasehold.publish;

import io.leasehold.lease.Ticker;
import java.time.Duration;

/** What time will bring: the present instant, what is open and until when, what waits for an instant, one alarm. */
final class Agenda {
    private final OpenList open = new OpenList();
    private final DelayQueue delays = new DelayQueue();
    private final Ticker ticker;
    private final Alarm alarm;
    private final long timeoutNanos;
    private long now;

    Agenda(Ticker ticker, Alarm alarm, Duration timeout) {
        this.ticker = ticker;
        this.alarm = alarm;
        this.timeoutNanos = timeout.toNanos();
    }

    OpenList open() {
        return open;
    }

    DelayQueue delays() {
        return delays;
    }

    /** The instant at which the present turn began. */
    long now() {
        return now;
    }

    void look() {
        now = ticker.nanos();
    }

    boolean isOverdue(PendingPublish publish) {
        return now - publish.start >= timeoutNanos;
    }

    /** Whether a publish still has more time than this. */
    boolean hasMoreThan(long delayNanos, PendingPublish publish) {
        return now - publish.start + delayNanos < timeoutNanos;
    }

    /** Sees to it that the next thing is not missed; false when there is no time any more. */
    boolean setAlarm(Closing closing) {
        PendingPublish first = open.first();
        if (first == null) {
            return true;
        }
        long due = first.start + timeoutNanos;
        Nap nap = delays.first();
        due = nap == null ? due : earlier(due, nap.until);
        due = closing.isBegun() ? earlier(due, closing.due()) : due;
        return alarm.ringBy(due, now);
    }

    void cancelAlarm() {
        alarm.cancel();
    }

    private static long earlier(long one, long other) {
        return one - other <= 0 ? one : other;
    }
}
