package io.leasehold.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import org.jspecify.annotations.Nullable;

/**
 * Documents the meters of {@link MeterRecorder}. Each has the same keys always; what does not apply is {@code none}.
 * They are per client: which process it is, the scrape tells; which client of the process, their tag {@code client}.
 */
public enum LeaseholdMeters implements MeterDocumentation {
    /** Deliveries that came, each with its lease. */
    ACQUIRED("leasehold.acquired", Meter.Type.COUNTER, null, "Deliveries that came, each with its lease", Key.GROUP),

    /** Deliveries of messages that had been handed out before. */
    REDELIVERED(
            "leasehold.redelivered",
            Meter.Type.COUNTER,
            null,
            "Deliveries of messages that had been handed out before",
            Key.GROUP),

    /** Deliveries that are held: {@code state} is queued, running or orphan. */
    INFLIGHT(
            "leasehold.inflight",
            Meter.Type.GAUGE,
            null,
            "Deliveries that are held: state is queued, running or orphan",
            Key.GROUP,
            Key.STATE),

    /** How many runs there may be at once; running and orphan over this is the saturation. */
    INFLIGHT_LIMIT(
            "leasehold.inflight.limit",
            Meter.Type.GAUGE,
            null,
            "How many runs there may be at once; running and orphan over this is the saturation",
            Key.GROUP),

    /** Runs that take suspiciously long although their lease is held. */
    STALLED(
            "leasehold.stalled",
            Meter.Type.GAUGE,
            null,
            "Runs that take suspiciously long although their lease is held",
            Key.GROUP),

    /** For how long the oldest message is held, or waits while none is, or the broker was not heard: the best alert. */
    OLDEST_AGE(
            "leasehold.oldest.age",
            Meter.Type.GAUGE,
            "seconds",
            "For how long the oldest message is held, waits while none is held, or the broker was not heard",
            Key.GROUP),

    /** Messages that wait at the broker, as it told with the last delivery; NaN before. */
    LAG(
            "leasehold.lag",
            Meter.Type.GAUGE,
            null,
            "Messages that wait at the broker, as it told with the last delivery; NaN before",
            Key.GROUP),

    /** Whether the broker can be spoken to: 1 or 0. */
    CONNECTED("leasehold.connected", Meter.Type.GAUGE, null, "Whether the broker can be spoken to: 1 or 0"),

    /** For how long the broker has not been heard; 0 while it can be spoken to. */
    UNHEARD(
            "leasehold.unheard",
            Meter.Type.GAUGE,
            "seconds",
            "For how long the broker has not been heard; 0 while it can be spoken to"),

    /** The time to the nearest work deadline; 0 when nothing is held. */
    REMAINING_MIN(
            "leasehold.remaining.min",
            Meter.Type.GAUGE,
            "seconds",
            "The time to the nearest work deadline; 0 when nothing is held",
            Key.GROUP),

    /** From the first call of a handler to the end of its run and settlement. */
    PROCESS_DURATION(
            "leasehold.process.duration",
            Meter.Type.TIMER,
            null,
            "From the first call of a handler to the end of its run and settlement",
            Key.GROUP,
            Key.OUTCOME),

    /** Settlements: {@code outcome} is ack, nak, terminate, unknown (no answer came) or stale (refused here). */
    SETTLED(
            "leasehold.settled",
            Meter.Type.COUNTER,
            null,
            "Settlements: outcome is ack, nak, terminate, unknown (no answer came) or stale (refused here)",
            Key.GROUP,
            Key.OUTCOME),

    /** Leases that ended without our settling. */
    LOST("leasehold.lost", Meter.Type.COUNTER, null, "Leases that ended without our settling", Key.GROUP, Key.REASON),

    /** Runs that were cancelled: {@code reason} is lost, released or timeout. */
    CANCELLED(
            "leasehold.cancelled",
            Meter.Type.COUNTER,
            null,
            "Runs that were cancelled: reason is lost, released or timeout",
            Key.GROUP,
            Key.REASON),

    /** From the loss of a lease to the end of its run. */
    CANCEL_LATENCY(
            "leasehold.cancel.latency",
            Meter.Type.TIMER,
            null,
            "From the loss of a lease to the end of its run",
            Key.GROUP),

    /** How long cancels waited for a thread. */
    CANCEL_WAIT("leasehold.cancel.wait", Meter.Type.TIMER, null, "How long cancels waited for a thread"),

    /** Touches: {@code outcome} is sent, confirmed or late. */
    TOUCH(
            "leasehold.touch",
            Meter.Type.COUNTER,
            null,
            "Touches: outcome is sent, confirmed or late",
            Key.GROUP,
            Key.OUTCOME),

    /** Deliveries that came with too little time left to start. */
    DEAD_ON_ARRIVAL(
            "leasehold.dead.on.arrival",
            Meter.Type.COUNTER,
            null,
            "Deliveries that came with too little time left to start",
            Key.GROUP),

    /** Runs that went on although their lease was lost and they were cancelled. */
    ORPHAN(
            "leasehold.orphan",
            Meter.Type.COUNTER,
            null,
            "Runs that went on although their lease was lost and they were cancelled",
            Key.GROUP),

    /** Deliveries beyond the credit. */
    SURPLUS("leasehold.surplus", Meter.Type.COUNTER, null, "Deliveries beyond the credit", Key.GROUP),

    /** Answers to what had ended: {@code operation} is touch, settlement or publish. */
    LATE_ANSWER(
            "leasehold.late.answer",
            Meter.Type.COUNTER,
            null,
            "Answers to what had ended: operation is touch, settlement or publish",
            Key.OPERATION),

    /** Dead letters: {@code outcome} is sent or failed. */
    DEAD_LETTER(
            "leasehold.deadletter",
            Meter.Type.COUNTER,
            null,
            "Dead letters: outcome is sent or failed",
            Key.GROUP,
            Key.REASON,
            Key.OUTCOME),

    /** Settings that were applied: {@code outcome} is applied or noop. */
    RELOAD(
            "leasehold.reload",
            Meter.Type.COUNTER,
            null,
            "Settings that were applied: outcome is applied or noop",
            Key.GROUP,
            Key.OUTCOME),

    /** Events, by kind. */
    EVENTS("leasehold.events", Meter.Type.COUNTER, null, "Events, by kind", Key.KIND),

    /** From the beginning of a publish to its end; {@code code} is none when the broker has the message. */
    PUBLISH_DURATION(
            "leasehold.publish.duration",
            Meter.Type.TIMER,
            null,
            "From the beginning of a publish to its end; code is none when the broker has the message",
            Key.TOPIC,
            Key.CODE),

    /** Messages that were written once more under the same id. */
    PUBLISH_REPEATED(
            "leasehold.publish.repeated",
            Meter.Type.COUNTER,
            null,
            "Messages that were written once more under the same id",
            Key.TOPIC),

    /** Publishes that were cancelled before they were written. */
    PUBLISH_TAKEN_BACK(
            "leasehold.publish.taken.back",
            Meter.Type.COUNTER,
            null,
            "Publishes that were cancelled before they were written",
            Key.TOPIC),

    /** Publishes that have not ended: {@code state} is inflight or waiting. */
    PUBLISH_PENDING(
            "leasehold.publish.pending",
            Meter.Type.GAUGE,
            null,
            "Publishes that have not ended: state is inflight or waiting",
            Key.STATE),

    /** Keys that are halted because a message of theirs failed. */
    PUBLISH_HALTED(
            "leasehold.publish.halted",
            Meter.Type.GAUGE,
            null,
            "Keys that are halted because a message of theirs failed"),

    /** Messages that the broker has confirmed; the name is OpenTelemetry's. */
    SENT(
            "messaging.client.sent.messages",
            Meter.Type.COUNTER,
            null,
            "Messages that the broker has confirmed; the name is OpenTelemetry's",
            Key.DESTINATION),

    /** Deliveries that were given to a handler; the name is OpenTelemetry's. */
    CONSUMED(
            "messaging.client.consumed.messages",
            Meter.Type.COUNTER,
            null,
            "Deliveries that were given to a handler; the name is OpenTelemetry's",
            Key.CONSUMER_GROUP);

    private final String name;
    private final Meter.Type type;
    private final @Nullable String unit;
    private final String help;

    @SuppressWarnings("ImmutableEnumChecker") // never handed out, nor written to
    private final Key[] keys;

    LeaseholdMeters(String name, Meter.Type type, @Nullable String unit, String help, Key... more) {
        this.name = name;
        this.type = type;
        this.unit = unit;
        this.help = help;
        this.keys = new Key[more.length + 1];
        keys[0] = Key.CLIENT;
        System.arraycopy(more, 0, keys, 1, more.length);
    }

    /** Returns what the meter tells, one line: the HELP of a scrape. */
    public String help() {
        return help;
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
        /** Which client of the registry: a number from 1 on, or what the recorder was given as a tag of this name. */
        CLIENT("client"),
        /** The group of a consumer; {@code other} beyond a bound of different ones. */
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
