package io.leasehold.publish;

import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.event.Recorder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Keeps what publishing reports. */
final class CountingRecorder implements Recorder {
    final AtomicLong confirmed = new AtomicLong();
    final AtomicLong repeated = new AtomicLong();
    final AtomicLong takenBack = new AtomicLong();
    final List<ErrorCode> failures = Collections.synchronizedList(new ArrayList<>());
    final List<MessagingEvent> events = Collections.synchronizedList(new ArrayList<>());
    final List<Throwable> faults = Collections.synchronizedList(new ArrayList<>());
    final AtomicLong longestNanos = new AtomicLong();

    @Override
    public void published(String topic, @Nullable ErrorCode code, long nanos) {
        longestNanos.accumulateAndGet(nanos, Math::max);
        if (code == null) {
            confirmed.incrementAndGet();
        } else {
            failures.add(code);
        }
    }

    @Override
    public void publishRepeated(String topic) {
        repeated.incrementAndGet();
    }

    @Override
    public void publishTakenBack(String topic) {
        takenBack.incrementAndGet();
    }

    @Override
    public void fault(Throwable fault) {
        faults.add(fault);
    }

    @Override
    public void event(MessagingEvent event) {
        events.add(event);
    }

    long count(Kind kind) {
        return events.stream().filter(event -> event.kind() == kind).count();
    }
}
