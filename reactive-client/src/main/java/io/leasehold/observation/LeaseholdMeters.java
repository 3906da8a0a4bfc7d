package io.leasehold.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import org.jspecify.annotations.Nullable;

/**
 * The meters of {@link MeterRecorder}. Each has the same keys always; what does not apply is {@code none}. They are per
 * client: which instance it is, the scrape tells, or a common tag.
 */
public enum LeaseholdMeters implements MeterDocumentation {
    /** Deliveries that came, each with its lease. */
    ACQUIRED("leasehold.acquired", Meter.Type.COUNTER, null, Key.GROUP),

    /** Deliveries of messages that had been handed out before. */
    REDELIVERED("leasehold.redelivered", Meter.Type.COUNTER, null, Key.GROUP),

    /** Deliveries that are held: {@code state} is queued, running or orphan. */
    INFLIGHT("leasehold.inflight", Meter.Type.GAUGE, null, Key.GROUP, Key.STATE),

    /** How many runs there may be at once; running and orphan over this is the saturation. */
    INFLIGHT_LIMIT("leasehold.inflight.limit", Meter.Type.GAUGE, null, Key.GROUP),

    /** Runs that take suspiciously long although their lease is held. */
    STALLED("leasehold.stalled", Meter.Type.GAUGE, null, Key.GROUP),

    /** For how long the oldest delivery is held: the best single alert. */
    OLDEST_AGE("leasehold.oldest.age", Meter.Type.GAUGE, "seconds", Key.GROUP),

    /** The time to the nearest work deadline; 0 when nothing is held. */
    REMAINING_MIN("leasehold.remaining.min", Meter.Type.GAUGE, "seconds", Key.GROUP),

    /** From the first call of a handler to the end of its run and settlement. */
    PROCESS_DURATION("leasehold.process.duration", Meter.Type.TIMER, null, Key.GROUP, Key.OUTCOME),

    /** Settlements: {@code outcome} is ack, nak, terminate, unknown (no answer came) or stale (refused here). */
    SETTLED("leasehold.settled", Meter.Type.COUNTER, null, Key.GROUP, Key.OUTCOME),

    /** Leases that ended without our settling. */
    LOST("leasehold.lost", Meter.Type.COUNTER, null, Key.GROUP, Key.REASON),

    /** Runs that were cancelled: {@code reason} is lost, released or timeout. */
    CANCELLED("leasehold.cancelled", Meter.Type.COUNTER, null, Key.GROUP, Key.REASON),

    /** From the loss of a lease to the end of its run. */
    CANCEL_LATENCY("leasehold.cancel.latency", Meter.Type.TIMER, null, Key.GROUP),

    /** How long cancels waited for a thread. */
    CANCEL_WAIT("leasehold.cancel.wait", Meter.Type.TIMER, null),

    /** Touches: {@code outcome} is sent, confirmed or late. */
    TOUCH("leasehold.touch", Meter.Type.COUNTER, null, Key.GROUP, Key.OUTCOME),

    /** Deliveries that came with too little time left to start. */
    DEAD_ON_ARRIVAL("leasehold.dead.on.arrival", Meter.Type.COUNTER, null, Key.GROUP),

    /** Runs that went on although their lease was lost and they were cancelled. */
    ORPHAN("leasehold.orphan", Meter.Type.COUNTER, null, Key.GROUP),

    /** Deliveries beyond the credit. */
    SURPLUS("leasehold.surplus", Meter.Type.COUNTER, null, Key.GROUP),

    /** Answers to what had ended: {@code operation} is touch, settlement or publish. */
    LATE_ANSWER("leasehold.late.answer", Meter.Type.COUNTER, null, Key.OPERATION),

    /** Dead letters: {@code outcome} is sent or failed. */
    DEAD_LETTER("leasehold.deadletter", Meter.Type.COUNTER, null, Key.GROUP, Key.REASON, Key.OUTCOME),

    /** Settings that were applied: {@code outcome} is applied or noop. */
    RELOAD("leasehold.reload", Meter.Type.COUNTER, null, Key.GROUP, Key.OUTCOME),

    /** Events, by kind. */
    EVENTS("leasehold.events", Meter.Type.COUNTER, null, Key.KIND),

    /** From the beginning of a publish to its end; {@code code} is none when the broker has the message. */
    PUBLISH_DURATION("leasehold.publish.duration", Meter.Type.TIMER, null, Key.TOPIC, Key.CODE),

    /** Messages that were written once more under the same id. */
    PUBLISH_REPEATED("leasehold.publish.repeated", Meter.Type.COUNTER, null, Key.TOPIC),

    /** Publishes that were cancelled before they were written. */
    PUBLISH_TAKEN_BACK("leasehold.publish.taken.back", Meter.Type.COUNTER, null, Key.TOPIC),

    /** Publishes that have not ended: {@code state} is inflight or waiting. */
    PUBLISH_PENDING("leasehold.publish.pending", Meter.Type.GAUGE, null, Key.STATE),

    /** Keys that are halted because a message of theirs failed. */
    PUBLISH_HALTED("leasehold.publish.halted", Meter.Type.GAUGE, null),

    /** Messages that the broker has confirmed; the name is OpenTelemetry's. */
    SENT("messaging.client.sent.messages", Meter.Type.COUNTER, null, Key.DESTINATION),

    /** Deliveries that were given to a handler; the name is OpenTelemetry's. */
    CONSUMED("messaging.client.consumed.messages", Meter.Type.COUNTER, null, Key.CONSUMER_GROUP);

    private final String name;
    private final Meter.Type type;
    private final @Nullable String unit;

    @SuppressWarnings("ImmutableEnumChecker") // never handed out, nor written to
    private final Key[] keys;

    LeaseholdMeters(String name, Meter.Type type, @Nullable String unit, Key... keys) {
        this.name = name;
        this.type = type;
        this.unit = unit;
        this.keys = keys;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public Meter.Type getType() {
        return type;
    }

    @Override
    public @Nullable String getBaseUnit() {
        return unit;
    }

    @Override
    public KeyName[] getKeyNames() {
        return keys.clone();
    }

    /** The keys of meters; all of low cardinality. */
    public enum Key implements KeyName {
        /** The group of a consumer. */
        GROUP("group"),
        /** A topic that was published to; {@code other} beyond a bound of different ones. */
        TOPIC("topic"),
        /** Where something stands. */
        STATE("state"),
        /** How something ended. */
        OUTCOME("outcome"),
        /** Why something ended. */
        REASON("reason"),
        /** What was asked of the broker. */
        OPERATION("operation"),
        /** The kind of an event. */
        KIND("kind"),
        /** The code of an error, or {@code none}. */
        CODE("code"),
        /** OpenTelemetry's name for a topic. */
        DESTINATION("messaging.destination.name"),
        /** OpenTelemetry's name for a group. */
        CONSUMER_GROUP("messaging.consumer.group.name");

        private final String text;

        Key(String text) {
            this.text = text;
        }

        @Override
        public String asString() {
            return text;
        }
    }
}
