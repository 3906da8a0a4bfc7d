package io.leasehold.lease.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.TouchMode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A broker may ask for a touch before the usual time; it gets it where a touch is written at all. */
class EarlyTouchTest {
    private static final long EARLY = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(10);

    private final LeaseBench bench = LeaseBench.fenced().touchBy(EARLY);
    private final ScriptedBroker broker = bench.broker;

    private void assertTouchedFrom(long from) {
        bench.passUntil(from + TICK);
        assertThat(broker.touchedAt).hasSize(1);
        assertThat(broker.touchedAt.get(0)).isBetween(from, from + TICK);
        broker.touchedAt.clear();
    }

    @Test
    void theFirstTouchIsEarlyAndTheOthersAreNot() {
        KeptLease lease = bench.run();
        assertTouchedFrom(EARLY);
        broker.confirmTouches(0);
        long span = lease.deadlineNanos() - EARLY;
        bench.passUntil(EARLY + span / 3 - TICK);
        assertThat(broker.touchedAt).isEmpty();
        bench.passUntil(EARLY + span / 3 + 2 * TICK);

        assertThat(broker.touchedAt).hasSize(1);
    }

    @Test
    void anEarlyTouchThatStaysUnansweredIsFollowedAtTheUsualTimes() {
        KeptLease lease = bench.run();
        assertTouchedFrom(EARLY);
        assertTouchedFrom(lease.deadlineNanos() / 3);
    }

    @Test
    void whatIsSettledEarlierIsNotTouched() {
        KeptLease lease = bench.run();
        lease.settle(SettleVerb.ACK, 0, null);
        bench.pass(LeaseBench.T);
        assertThat(broker.touchedAt).isEmpty();
    }

    @Test
    void whatIsLostEarlierIsNotTouched() {
        KeptLease lease = bench.run();
        lease.lose(LeaseLoss.RUN_OUT);
        lease.touchSoon();
        bench.pass(LeaseBench.T);

        assertThat(broker.touchedAt).isEmpty();
    }

    @Test
    void noTouchIsSentInModeNever() {
        KeptLease lease = bench.touching(TouchMode.NEVER).run();
        lease.touchSoon();
        bench.pass(LeaseBench.T);
        assertThat(broker.touchedAt).isEmpty();
    }

    @Test
    void inModeProgressWorkThatDoesNotProgressIsNotTouched() {
        KeptLease lease = bench.touching(TouchMode.PROGRESS).run();
        lease.touchSoon();
        bench.pass(LeaseBench.T);
        assertThat(broker.touchedAt).isEmpty();
    }

    @Test
    void aTouchIsAskedForAtAnyTime() {
        bench.touchBy(Long.MAX_VALUE);
        KeptLease lease = bench.run();
        bench.pass(Duration.ofSeconds(1));
        lease.touchSoon();

        assertTouchedFrom(TimeUnit.SECONDS.toNanos(1));
    }
}
