package io.leasehold.observation;

import static io.leasehold.observation.TagValues.lower;

import io.leasehold.error.ErrorCode;
import io.leasehold.event.GroupReadings;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.RunEnd;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleVerb;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Holds the meters of one group, found once: what follows is an array access and an addition. */
final class GroupMeters {
    private final MeterSet meters;
    private final String group;
    private final Counter acquired;
    private final Counter redelivered;
    private final Counter consumed;
    private final Counter[] settled = new Counter[SettleVerb.values().length];
    private final Counter[] lost = new Counter[LeaseLoss.values().length];
    private final Timer[] ended = new Timer[RunEnd.values().length];
    private final Counter[] touches = new Counter[Touch.values().length];
    private final Counter unknown;
    private final Cancels cancels;

    /** Names what is counted of touches. */
    enum Touch {
        SENT,
        CONFIRMED,
        LATE
    }

    private record Cancels(Counter lost, Counter released, Counter timeout, Timer latency) {}

    GroupMeters(MeterSet meters, String group) {
        this.meters = meters;
        this.group = group;
        acquired = meters.counter(LeaseholdMeters.ACQUIRED, group);
        redelivered = meters.counter(LeaseholdMeters.REDELIVERED, group);
        consumed = meters.counter(LeaseholdMeters.CONSUMED, group);

        for (SettleVerb verb : SettleVerb.values()) {
            settled[verb.ordinal()] = meters.counter(LeaseholdMeters.SETTLED, group, lower(verb));
        }
        for (LeaseLoss loss : LeaseLoss.values()) {
            lost[loss.ordinal()] = meters.counter(LeaseholdMeters.LOST, group, lower(loss));
        }
        for (RunEnd end : RunEnd.values()) {
            ended[end.ordinal()] = meters.timer(LeaseholdMeters.PROCESS_DURATION, group, lower(end));
        }
        for (Touch touch : Touch.values()) {
            touches[touch.ordinal()] = meters.counter(LeaseholdMeters.TOUCH, group, lower(touch));
        }

        unknown = meters.counter(LeaseholdMeters.SETTLED, group, "unknown");
        cancels = new Cancels(
                meters.counter(LeaseholdMeters.CANCELLED, group, "lost"),
                meters.counter(LeaseholdMeters.CANCELLED, group, "released"),
                meters.counter(LeaseholdMeters.CANCELLED, group, "timeout"),
                meters.timer(LeaseholdMeters.CANCEL_LATENCY, group));
    }

    String group() {
        return group;
    }

    /** Takes the group's meters out of the registry. */
    void remove() {
        meters.remove();
    }

    void acquired(int deliveryCount) {
        acquired.increment();
        if (deliveryCount > 1) {
            redelivered.increment();
        }
    }

    void settled(SettleVerb verb, SettleAnswer answer) {
        (answer == SettleAnswer.DONE ? settled[verb.ordinal()] : unknown).increment();
    }

    void lost(LeaseLoss loss) {
        lost[loss.ordinal()].increment();
    }

    void touch(Touch what) {
        touches[what.ordinal()].increment();
    }

    void ended(RunEnd how, @Nullable ErrorCode code, long nanos) {
        if (nanos > 0) {
            consumed.increment();
            ended[how.ordinal()].record(nanos, TimeUnit.NANOSECONDS);
        }

        if (how == RunEnd.RELEASED && nanos > 0) {
            cancels.released().increment();
        } else if (code == ErrorCode.HANDLER_TIMEOUT) {
            cancels.timeout().increment();
        }
    }

    void cancelled(long nanos) {
        cancels.lost().increment();
        cancels.latency().record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Counts what is rare; the meter is found anew each time. */
    void count(LeaseholdMeters meter, String... rest) {
        String[] values = new String[rest.length + 1];
        values[0] = group;
        System.arraycopy(rest, 0, values, 1, rest.length);
        meters.counter(meter, values).increment();
    }

    /** Counts an event about the group. */
    void event(MessagingEvent event) {
        ErrorCode code = event.code();
        String reason = code == null ? TagValues.NONE : lower(code);
        switch (event.kind()) {
            case ORPHAN -> count(LeaseholdMeters.ORPHAN);
            case SURPLUS -> count(LeaseholdMeters.SURPLUS);
            case DEAD_ON_ARRIVAL -> count(LeaseholdMeters.DEAD_ON_ARRIVAL);
            case STALE_SETTLEMENT -> count(LeaseholdMeters.SETTLED, "stale");
            case DEAD_LETTERED -> count(LeaseholdMeters.DEAD_LETTER, reason, "sent");
            case DEAD_LETTER_FAILED -> count(LeaseholdMeters.DEAD_LETTER, reason, "failed");
            case SETTINGS_UNCHANGED -> count(LeaseholdMeters.RELOAD, "noop");
            case SETTINGS_CHANGED -> count(LeaseholdMeters.RELOAD, "applied");
            default -> {}
        }
    }

    /** Registers what is read of a group; several that share meters cannot be read by one number. */
    void watch(GroupReadings readings) {
        if (!readings.group().equals(group)) {
            return;
        }
        meters.gauge(LeaseholdMeters.INFLIGHT, readings, GroupReadings::waiting, group, "queued");
        meters.gauge(LeaseholdMeters.INFLIGHT, readings, GroupReadings::running, group, "running");
        meters.gauge(LeaseholdMeters.INFLIGHT, readings, GroupReadings::orphans, group, "orphan");
        meters.gauge(LeaseholdMeters.INFLIGHT_LIMIT, readings, GroupReadings::limit, group);
        meters.gauge(LeaseholdMeters.STALLED, readings, GroupReadings::stalled, group);
        meters.gauge(LeaseholdMeters.LAG, readings, read -> read.lag() < 0 ? Double.NaN : read.lag(), group);
        meters.gauge(
                LeaseholdMeters.OLDEST_AGE, readings, read -> read.oldestAge().toNanos() / 1e9, group);
        meters.gauge(
                LeaseholdMeters.REMAINING_MIN,
                readings,
                read -> read.nearestDeadline().toNanos() / 1e9,
                group);
    }
}
