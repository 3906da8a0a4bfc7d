package io.leasehold.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Time that passed while the machine was suspended ages the leases; nothing prolongs them. */
class WatchdogTest {
    private final TwoClocks clocks = new TwoClocks();
    private final Ticker ticker = new Ticker(clocks);
    private final NotedReports reports = new NotedReports();
    private final Watchdog watchdog = new Watchdog(clocks, ticker, reports);

    /** A scheduler whose wall clock may run apart from its monotonic one, as that of a suspended machine does. */
    private static final class TwoClocks implements Scheduler {
        private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
        private long aheadMillis;

        void suspended(Duration missed) {
            aheadMillis += missed.toMillis();
        }

        @Override
        public long now(TimeUnit unit) {
            long nanos = time.now(TimeUnit.NANOSECONDS);
            boolean wall = unit.compareTo(TimeUnit.MILLISECONDS) >= 0;
            long told = wall ? nanos + Duration.ofMillis(aheadMillis).toNanos() : nanos;
            return unit.convert(told, TimeUnit.NANOSECONDS);
        }

        @Override
        public Disposable schedule(Runnable task) {
            return time.schedule(task);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return time.schedule(task, delay, unit);
        }

        @Override
        public Worker createWorker() {
            return time.createWorker();
        }
    }

    private void pass(Duration duration) {
        clocks.time.advanceTimeBy(duration);
        watchdog.look();
    }

    @Test
    void clocksThatAgreeChangeNothing() {
        for (int i = 0; i < 1000; i++) {
            pass(Duration.ofMillis(100));
        }
        assertThat(reports.missedNanos).isEmpty();
        assertThat(ticker.nanos()).isEqualTo(Duration.ofSeconds(100).toNanos());
    }

    @Test
    void timeThatTheMonotonicClockMissedIsAdded() {
        pass(Duration.ofSeconds(1));
        clocks.suspended(Duration.ofMinutes(5));
        pass(Duration.ofMillis(100));
        assertThat(reports.missedNanos).containsExactly(Duration.ofMinutes(5).toNanos());
        assertThat(ticker.nanos()).isEqualTo(Duration.ofMillis(301_100).toNanos());
    }

    @Test
    void aSuspensionIsAddedOnce() {
        clocks.suspended(Duration.ofMinutes(5));
        pass(Duration.ofMillis(100));
        pass(Duration.ofMillis(100));
        assertThat(reports.missedNanos).hasSize(1);
    }

    @Test
    void twoSuspensionsAreBothAdded() {
        clocks.suspended(Duration.ofMinutes(5));
        pass(Duration.ofMillis(100));
        clocks.suspended(Duration.ofMinutes(2));
        pass(Duration.ofMillis(100));
        assertThat(ticker.nanos()).isEqualTo(Duration.ofMillis(420_200).toNanos());
    }

    @Test
    void aWallClockThatIsSetForwardALittleChangesNothing() {
        clocks.suspended(Duration.ofMillis(500));
        pass(Duration.ofMillis(100));
        assertThat(ticker.nanos()).isEqualTo(Duration.ofMillis(100).toNanos());
    }

    @Test
    void aWallClockThatIsSetBackProlongsNothing() {
        clocks.suspended(Duration.ofHours(-1));
        pass(Duration.ofMillis(100));
        assertThat(reports.missedNanos).isEmpty();
        assertThat(ticker.nanos()).isEqualTo(Duration.ofMillis(100).toNanos());
    }

    @Test
    void whoeverAsksForTheTimeSeesASuspensionThatNobodyHasLookedForYet() {
        clocks.time.advanceTimeBy(Duration.ofSeconds(1));
        clocks.suspended(Duration.ofMinutes(5));
        assertThat(watchdog.nanos()).isEqualTo(Duration.ofSeconds(301).toNanos());
        assertThat(watchdog.nanos()).isEqualTo(ticker.nanos());
    }

    @Test
    void aLeaseThatWasHeldOverASuspensionIsLostAtTheNextLook() {
        CancelExecutor cancels = new CancelExecutor(Schedulers.immediate(), clocks, ticker, reports);
        LeaseKeeper keeper = new LeaseKeeper(ticker, clocks, cancels, Schedulers.immediate(), reports);
        LeaseTime time = LeaseTime.renewable(LeaseBench.T);
        LeaseTerms terms = LeaseTerms.of(time, true, Duration.ZERO, Duration.ZERO);
        ScriptedBroker broker = new ScriptedBroker(ticker::nanos);
        NotedOwner owner = new NotedOwner(ticker::nanos);
        KeptLease lease = keeper.open(
                new TestGrant(broker, time, ticker.nanos()), terms, LeasePolicy.standard(LeasePolicy.UNLIMITED), owner);
        lease.workStarted();
        clocks.time.advanceTimeBy(Duration.ofSeconds(1));
        clocks.suspended(Duration.ofHours(8));
        clocks.time.advanceTimeBy(Duration.ofNanos(Watchdog.INTERVAL_NANOS));
        assertThat(owner.losses).containsExactly(LeaseLoss.EXPIRED);
        assertThat(broker.flushes).isEmpty();
    }
}
