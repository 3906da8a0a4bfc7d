package io.leasehold.observation;

import static io.leasehold.observation.TagValues.lower;

import io.leasehold.error.ErrorCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Holds the meters of publishing to one topic. */
final class TopicMeters {
    private final MeterSet meters;
    private final String topic;
    private final Timer confirmed;
    private final Counter sent;
    private final AtomicReferenceArray<@Nullable Timer> failed = new AtomicReferenceArray<>(ErrorCode.values().length);

    TopicMeters(MeterSet meters, String topic) {
        this.meters = meters;
        this.topic = topic;
        this.confirmed = meters.timer(LeaseholdMeters.PUBLISH_DURATION, topic, TagValues.NONE);
        this.sent = meters.counter(LeaseholdMeters.SENT, topic);
    }

    String topic() {
        return topic;
    }

    void published(@Nullable ErrorCode code, long nanos) {
        if (code == null) {
            sent.increment();
            confirmed.record(nanos, TimeUnit.NANOSECONDS);
        } else {
            failed(code).record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    private Timer failed(ErrorCode code) {
        Timer known = failed.get(code.ordinal());
        if (known == null) {
            known = meters.timer(LeaseholdMeters.PUBLISH_DURATION, topic, lower(code));
            failed.set(code.ordinal(), known);
        }
        return known;
    }

    void count(LeaseholdMeters meter) {
        meters.counter(meter, topic).increment();
    }
}
