package io.leasehold.benchmarks;

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
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A keeper, and grants of a broker that answers at once. */
final class LeaseFixture {
    private final Scheduler time = Schedulers.newSingle("bench-time", true);
    private final Scheduler cancel = Schedulers.newBoundedElastic(CancelExecutor.THREADS_MAX, 1000, "bench-cancel");
    private final Ticker ticker = new Ticker(time);
    private final LeaseKeeper keeper = new LeaseKeeper(
            ticker,
            time,
            new CancelExecutor(cancel, time, ticker, LeaseReporter.NONE),
            Schedulers.parallel(),
            LeaseReporter.NONE);
    private final LongAdder touches = new LongAdder();
    private final Broker broker = new Broker(touches);
    private final LeaseTime leaseTime;
    private final LeaseTerms terms;
    private final LeasePolicy policy;

    LeaseFixture(Duration leaseTime) {
        this.leaseTime = LeaseTime.renewable(leaseTime);
        this.terms = LeaseTerms.of(this.leaseTime, true, Duration.ZERO, Duration.ZERO);
        this.policy = LeasePolicy.standard(LeasePolicy.UNLIMITED);
    }

    KeptLease open(LeaseOwner owner) {
        return keeper.open(new Grant(broker, leaseTime, ticker.nanos()), terms, policy, owner);
    }

    long touches() {
        return touches.sum();
    }

    void close() {
        keeper.stop();
        time.dispose();
        cancel.dispose();
    }

    static long usedBytes() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private record Grant(Settlement settlement, LeaseTime leaseTime, long anchorNanos) implements LeaseGrant {
        @Override
        public long touchByNanos() {
            return Long.MAX_VALUE;
        }

        @Override
        public Object receipt() {
            return this;
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

    private record Broker(LongAdder touches) implements Settlement {
        @Override
        public void settle(List<? extends SettleItem> items) {
            for (SettleItem item : items) {
                if (item.tryWrite()) {
                    item.written();
                    item.done();
                }
            }
        }

        @Override
        public void touch(List<? extends TouchItem> items) {
            for (TouchItem item : items) {
                if (item.tryWrite()) {
                    item.confirmed(0);
                    touches.increment();
                }
            }
        }

        @Override
        public void abort() {
            throw new IllegalStateException("this broker answers everything");
        }
    }

    /** Does nothing. */
    static final class Owner implements LeaseOwner {
        static final Owner NONE = new Owner();

        @Override
        public void leaseLost(LeaseLoss loss) {}

        @Override
        public void leaseSettled(SettleVerb verb, SettleAnswer answer) {}

        @Override
        public void nakWritten(long now) {}

        @Override
        public void alarm(long now) {}

        @Override
        public void holdExceeded() {}

        @Override
        public boolean childStarted() {
            return false;
        }

        @Override
        public void childEnded() {}
    }
}
