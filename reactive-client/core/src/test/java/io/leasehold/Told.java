package io.leasehold;

import io.leasehold.event.MessagingEvent;
import io.leasehold.event.Recorder;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseView;
import io.leasehold.lease.SettleVerb;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** What clients report. */
public final class Told implements Recorder {
    private final List<MessagingEvent> events = new CopyOnWriteArrayList<>();
    private final List<Throwable> faults = new CopyOnWriteArrayList<>();
    private final List<LeaseLoss> losses = new CopyOnWriteArrayList<>();
    private final AtomicInteger stale = new AtomicInteger();
    private final AtomicInteger touches = new AtomicInteger();

    @Override
    public void event(MessagingEvent event) {
        events.add(event);
    }

    @Override
    public void fault(Throwable fault) {
        faults.add(fault);
    }

    @Override
    public void lost(LeaseView lease, LeaseLoss loss) {
        losses.add(loss);
    }

    @Override
    public void stale(LeaseView lease, SettleVerb verb) {
        stale.incrementAndGet();
    }

    @Override
    public void touchAnswered(LeaseView lease, boolean inTime) {
        touches.incrementAndGet();
    }

    /** How often something happened. */
    public long count(MessagingEvent.Kind kind) {
        return events.stream().filter(event -> event.kind() == kind).count();
    }

    public List<MessagingEvent> events() {
        return events;
    }

    /** The faults; a test that expects some clears them. */
    public List<Throwable> faults() {
        return faults;
    }

    public List<LeaseLoss> losses() {
        return losses;
    }

    /** How many settlements were refused without being written. */
    public int stale() {
        return stale.get();
    }

    /** How many touches were answered. */
    public int touches() {
        return touches.get();
    }
}
