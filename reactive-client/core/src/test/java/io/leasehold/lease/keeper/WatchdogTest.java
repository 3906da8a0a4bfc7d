package io.leasehold.lease.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.SleepingScheduler;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseTerms;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.Ticker;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Time that passed while the machine was suspended ages the leases; nothing prolongs them. */
class WatchdogTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final SleepingScheduler clocks = new SleepingScheduler(time);
    private final Ticker ticker = new Ticker(clocks);
    private final NotedReports reports = new NotedReports();
    private final Watchdog watchdog = new Watchdog(clocks, ticker, reports);

    private void pass(Duration duration) {
        time.advanceTimeBy(duration);
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
        clocks.sleep(Duration.ofMinutes(5));
        pass(Duration.ofMillis(100));

        assertThat(reports.missedNanos).containsExactly(Duration.ofMinutes(5).toNanos());
        assertThat(ticker.nanos()).isEqualTo(Duration.ofMillis(301_100).toNanos());
    }

    @Test
    void aSuspensionIsAddedOnce() {
        clocks.sleep(Duration.ofMinutes(5));
        pass(Duration.ofMillis(100));
        pass(Duration.ofMillis(100));
        assertThat(reports.missedNanos).hasSize(1);
    }

    @Test
    void twoSuspensionsAreBothAdded() {
        clocks.sleep(Duration.ofMinutes(5));
        pass(Duration.ofMillis(100));
        clocks.sleep(Duration.ofMinutes(2));
        pass(Duration.ofMillis(100));

        assertThat(ticker.nanos()).isEqualTo(Duration.ofMillis(420_200).toNanos());
    }

    @Test
    void aWallClockThatIsSetForwardALittleChangesNothing() {
        clocks.sleep(Duration.ofMillis(500));
        pass(Duration.ofMillis(100));
        assertThat(ticker.nanos()).isEqualTo(Duration.ofMillis(100).toNanos());
    }

    @Test
    void aWallClockThatIsSetBackProlongsNothing() {
        clocks.sleep(Duration.ofHours(-1));
        pass(Duration.ofMillis(100));
        assertThat(reports.missedNanos).isEmpty();
        assertThat(ticker.nanos()).isEqualTo(Duration.ofMillis(100).toNanos());
    }

    @Test
    void whoeverAsksForTheTimeSeesASuspensionThatNobodyHasLookedForYet() {
        ticker.watchedBy(watchdog::look);
        time.advanceTimeBy(Duration.ofSeconds(1));
        clocks.sleep(Duration.ofMinutes(5));

        assertThat(ticker.sureNanos()).isEqualTo(Duration.ofSeconds(301).toNanos());
        assertThat(ticker.nanos()).isEqualTo(Duration.ofSeconds(301).toNanos());
    }

    @Test
    void aLeaseThatWasHeldOverASuspensionIsLostAtTheNextLook() {
        CancelExecutor cancels = new CancelExecutor(Schedulers.immediate(), clocks, ticker, reports);
        LeaseKeeper keeper = new LeaseKeeper(ticker, clocks, cancels, Schedulers.immediate(), reports);
        LeaseTime leaseTime = LeaseTime.renewable(LeaseBench.T);
        LeaseTerms terms = LeaseTerms.of(leaseTime, true, Duration.ZERO, Duration.ZERO);
        ScriptedBroker broker = new ScriptedBroker(ticker::nanos);
        NotedOwner owner = new NotedOwner(ticker::nanos);
        KeptLease lease = keeper.open(
                new TestGrant(broker, leaseTime, ticker.nanos()),
                terms,
                LeasePolicy.standard(LeasePolicy.UNLIMITED),
                owner);

        lease.workStarted();
        time.advanceTimeBy(Duration.ofSeconds(1));
        clocks.sleep(Duration.ofHours(8));
        time.advanceTimeBy(Duration.ofNanos(Watchdog.INTERVAL_NANOS));

        assertThat(owner.losses).containsExactly(LeaseLoss.EXPIRED);
        assertThat(broker.flushes).isEmpty();
    }
}
