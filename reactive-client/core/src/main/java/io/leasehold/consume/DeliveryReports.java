package io.leasehold.consume;

import io.leasehold.broker.Handout;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.event.Recorder;
import io.leasehold.message.MessageId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tells by events what becomes of the deliveries of one subscription. On any thread. */
final class DeliveryReports {
    private final Recorder recorder;
    private final String group;
    private final ConsumerSpec.Said said;

    DeliveryReports(Recorder recorder, String group, ConsumerSpec.Said said) {
        this.recorder = recorder;
        this.group = group;
        this.said = said;
    }

    /** Tells something about a delivery. */
    void report(Kind kind, Handout delivery, @Nullable ErrorCode code) {
        report(kind, delivery, code, Map.of());
    }

    // Which message it is, and which delivery of it, is a fact of each such event.
    private void report(Kind kind, Handout delivery, @Nullable ErrorCode code, Map<String, Object> more) {
        Map<String, Object> facts = new HashMap<>(more);
        facts.put("id", delivery.message().id().map(MessageId::value).orElse(""));
        facts.put("deliveryCount", delivery.deliveryCount());

        String subject = group + "/" + delivery.message().topic();
        recorder.event(new MessagingEvent(kind, subject, code, Map.copyOf(facts)));
    }

    /** Tells that a message is terminated. */
    void terminated(Handout delivery, @Nullable ErrorCode code) {
        report(Kind.TERMINATED, delivery, code, ofFailures());
    }

    /** Tells that work on a delivery took longer than it may. */
    void holdExceeded(Handout delivery, Throwable error) {
        MessagingEvent why = MessagingEvent.because(Kind.HOLD_EXCEEDED, "", error);
        report(Kind.HOLD_EXCEEDED, delivery, why.code(), why.details());
    }

    /**
     * Tells that a message has failed and is kept.
     *
     * @param pauseNanos how long it takes until it is tried again at the earliest; 0 when that is not known
     */
    void failed(Kind kind, Handout delivery, ErrorCode code, @Nullable Throwable error, long pauseNanos) {
        Map<String, Object> facts = new HashMap<>();
        if (kind == Kind.FAILED) {
            facts.putAll(Ending.factsOf(error));
            facts.putAll(ofFailures());
        }
        if (pauseNanos > 0) {
            facts.put("nextIn", Duration.ofMillis(TimeUnit.NANOSECONDS.toMillis(pauseNanos)));
        }

        report(kind, delivery, code, facts);
    }

    /** Gives the fact, if it is one, that who hears the outcomes says how messages failed. */
    Map<String, Object> ofFailures() {
        return said == ConsumerSpec.Said.ALL ? Map.of() : Map.of(MessagingEvent.SAID_ELSEWHERE, true);
    }

    /** Tells something about the subscription. */
    void report(Kind kind) {
        event(MessagingEvent.of(kind, group, null));
    }

    void event(MessagingEvent event) {
        recorder.event(event);
    }

    void fault(Throwable thrown) {
        recorder.fault(thrown);
    }
}
