package io.leasehold.lease.keeper;

import io.leasehold.lease.LeaseReporter;
import io.leasehold.lease.LeaseView;
import io.leasehold.lease.SettleVerb;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Notes what a keeper reports. */
final class NotedReports implements LeaseReporter {
    final List<Throwable> faults = new CopyOnWriteArrayList<>();
    final List<SettleVerb> stale = new CopyOnWriteArrayList<>();
    final List<Boolean> touchAnswers = new CopyOnWriteArrayList<>();
    final List<Long> missedNanos = new CopyOnWriteArrayList<>();
    final List<Long> cancelDelays = new CopyOnWriteArrayList<>();
    final AtomicInteger starved = new AtomicInteger();
    final AtomicInteger late = new AtomicInteger();
    final AtomicInteger aborted = new AtomicInteger();

    @Override
    public void stale(LeaseView lease, SettleVerb verb) {
        stale.add(verb);
    }

    @Override
    public void touchAnswered(LeaseView lease, boolean inTime) {
        touchAnswers.add(inTime);
    }

    @Override
    public void lateAnswer(LeaseView lease) {
        late.incrementAndGet();
    }

    @Override
    public void cancelDelayed(long nanos) {
        cancelDelays.add(nanos);
    }

    @Override
    public void cancelStarved(int waiting) {
        starved.incrementAndGet();
    }

    @Override
    public void aborted(LeaseView lease) {
        aborted.incrementAndGet();
    }

    @Override
    public void clockMissed(long nanos) {
        missedNanos.add(nanos);
    }

    @Override
    public void fault(Throwable fault) {
        faults.add(fault);
    }
}
