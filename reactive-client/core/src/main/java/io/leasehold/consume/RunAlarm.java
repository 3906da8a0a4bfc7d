package io.leasehold.consume;

import io.leasehold.lease.keeper.KeptLease;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/** The one alarm of a run, which its lease's timer rings: what it was set for last. */
abstract class RunAlarm {
    private static final AtomicReferenceFieldUpdater<RunAlarm, Alarm> ALARM =
            AtomicReferenceFieldUpdater.newUpdater(RunAlarm.class, Alarm.class, "alarm");

    private volatile Alarm alarm = Alarm.NONE;

    /** What it is set for. */
    enum Alarm {
        NONE,
        /** The try has taken too long. */
        TIMEOUT,
        /** It was cancelled and has not ended since. */
        PATIENCE,
        /** The next try is due. */
        RETRY,
        /** Its nak was written and it goes on. */
        NAK_TAIL
    }

    abstract KeptLease kept();

    /** The present instant, for alarms. */
    abstract long now();

    final void setAlarm(Alarm kind, long delayNanos) {
        alarm = kind;
        kept().alarmAt(now() + delayNanos);
    }

    final void clearAlarm() {
        if (alarm != Alarm.NONE) {
            alarm = Alarm.NONE;
            kept().alarmAt(Long.MAX_VALUE);
        }
    }

    /** Withdraws it when it is set for this; true when this call did. */
    final boolean withdraw(Alarm kind) {
        return ALARM.compareAndSet(this, kind, Alarm.NONE);
    }

    // The end of the try sets the next alarm, perhaps while this one rings: only what is still set is taken.
    final Alarm takeAlarm() {
        Alarm due = alarm;
        boolean taken = ALARM.compareAndSet(this, due, due == Alarm.TIMEOUT ? Alarm.PATIENCE : Alarm.NONE);
        return taken ? due : Alarm.NONE;
    }
}
