package io.leasehold.benchmarks.stress;

import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseGrant;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseReporter;
import io.leasehold.lease.LeaseTerms;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.Settlement;
import io.leasehold.lease.Ticker;
import io.leasehold.lease.TouchItem;
import io.leasehold.lease.keeper.CancelExecutor;
import io.leasehold.lease.keeper.KeptLease;
import io.leasehold.lease.keeper.LeaseKeeper;
import io.leasehold.lease.keeper.LeaseOwner;
import io.leasehold.lease.keeper.LeasePolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A lease that nobody but the actors of a test touches: its keeper never runs, its broker only counts. */
final class StressedLease implements LeaseOwner, Settlement {
    private static final LeaseTime TIME = LeaseTime.renewable(Duration.ofSeconds(30));
    private static final LeaseTerms TERMS = LeaseTerms.of(TIME, false, Duration.ZERO, Duration.ZERO);
    private static final LeasePolicy POLICY = LeasePolicy.standard(LeasePolicy.UNLIMITED);

    private final AtomicInteger ends = new AtomicInteger();
    private final AtomicInteger settlements = new AtomicInteger();
    private final KeptLease lease;

    StressedLease() {
        NoTimers timers = NoTimers.INSTANCE;
        Ticker ticker = new Ticker(timers);
        CancelExecutor cancels = new CancelExecutor(timers, timers, ticker, LeaseReporter.NONE);
        LeaseKeeper keeper = new LeaseKeeper(ticker, timers, cancels, timers, LeaseReporter.NONE);
        lease = keeper.open(new Grant(this), TERMS, POLICY, this);
    }

    /** A lease that has come to SETTLING. */
    static StressedLease decided(SettleVerb verb) {
        StressedLease decided = new StressedLease();
        decided.lease.settle(verb, 0, null);
        return decided;
    }

    /** A lease that has come to WRITTEN. */
    static StressedLease written(SettleVerb verb) {
        StressedLease written = decided(verb);
        written.lease.tryWrite();
        return written;
    }

    KeptLease lease() {
        return lease;
    }

    /** How often the owner was told of an end. */
    int ends() {
        return ends.get();
    }

    /** How often the broker was given a settlement. */
    int settlements() {
        return settlements.get();
    }

    @Override
    public void leaseLost(LeaseLoss loss) {
        ends.incrementAndGet();
    }

    @Override
    public void leaseSettled(SettleVerb verb, SettleAnswer answer) {
        ends.incrementAndGet();
    }

    @Override
    public void nakWritten(long now) {}

    @Override
    public void alarm(long now) {}

    @Override
    public void holdExceeded() {}

    @Override
    public boolean childStarted() {
        return true;
    }

    @Override
    public void childEnded() {}

    @Override
    public void settle(List<? extends SettleItem> items) {
        settlements.addAndGet(items.size());
    }

    @Override
    public void touch(List<? extends TouchItem> items) {}

    @Override
    public void abort() {}

    private record Grant(Settlement settlement) implements LeaseGrant {
        @Override
        public Object receipt() {
            return this;
        }

        @Override
        public LeaseTime leaseTime() {
            return TIME;
        }

        @Override
        public long anchorNanos() {
            return 0;
        }

        @Override
        public long touchByNanos() {
            return Long.MAX_VALUE;
        }

        @Override
        public @Nullable FencingToken token() {
            return null;
        }

        @Override
        public int deliveryCount() {
            return 1;
        }
    }
}
