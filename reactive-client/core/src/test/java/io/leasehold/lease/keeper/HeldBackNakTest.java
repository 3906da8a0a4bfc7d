package io.leasehold.lease.keeper;

import static io.leasehold.lease.keeper.LeaseBench.owner;
import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.error.ErrorCode;
import io.leasehold.lease.BrokerRules;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseState;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.TouchMode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** On a broker that cannot delay, a nak is held back under its lease, which is touched, until its delay is over. */
class HeldBackNakTest {
    private static final BrokerRules RULES = new BrokerRules(true, 0, false, true, true, Long.MAX_VALUE);
    private static final Duration LONG = LeaseBench.T.multipliedBy(3);

    private final LeaseBench bench = LeaseBench.fenced().rules(RULES);

    private KeptLease heldBack(Duration delay) {
        bench.broker.confirming().confirmingTouches();
        KeptLease lease = bench.run();
        lease.workEnded();
        assertThat(lease.settle(SettleVerb.NAK, delay.toNanos(), null)).isTrue();
        return lease;
    }

    @Test
    void itIsWrittenWhenItsDelayIsOverAndNotBefore() {
        KeptLease lease = heldBack(LONG);

        bench.pass(LONG.minusMillis(20));
        assertThat(bench.broker.written).isEmpty();
        assertThat(lease.isHeldBack()).isTrue();

        bench.pass(Duration.ofMillis(40));
        assertThat(bench.broker.written)
                .singleElement()
                .satisfies(nak -> assertThat(nak.delayNanos()).isZero());
        assertThat(lease.state()).isEqualTo(LeaseState.SETTLED);
        assertThat(owner(lease).answers).containsExactly(SettleAnswer.DONE);
    }

    @Test
    void itIsTouchedUntilThenAlsoWhereNothingElseIs() {
        bench.touching(TouchMode.NEVER);
        KeptLease lease = heldBack(LONG);

        bench.pass(LONG.minusSeconds(1));

        assertThat(lease.touches()).isPositive();
        assertThat(lease.state()).isEqualTo(LeaseState.SETTLING);
    }

    @Test
    void withoutAnswersToItsTouchesItIsLeftToRunOut() {
        KeptLease lease = bench.run();
        lease.workEnded();
        lease.settle(SettleVerb.NAK, LONG.toNanos(), null);

        bench.pass(LeaseBench.T);

        assertThat(lease.lossOrNull()).isEqualTo(LeaseLoss.RUN_OUT);
        assertThat(bench.broker.written).isEmpty();
    }

    @Test
    void itIsWrittenAtOnceWhenThatIsAskedFor() {
        KeptLease lease = heldBack(LONG);

        lease.writeHeldBack();
        lease.writeHeldBack();

        assertThat(bench.broker.verbs()).containsExactly(SettleVerb.NAK);
        assertThat(lease.state()).isEqualTo(LeaseState.SETTLED);
    }

    @Test
    void whoAskedForItIsAnsweredWhenItIsHeldBack() {
        KeptLease lease = bench.run();

        Answered<SettleAnswer> nak = Answered.of(lease.handle().nak(LONG));

        assertThat(nak.value()).isEqualTo(SettleAnswer.DONE);
        assertThat(Answered.of(lease.handle().nak(LONG)).value()).isEqualTo(SettleAnswer.DONE);
        assertThat(Answered.of(lease.handle().ack()).code()).isEqualTo(ErrorCode.ALREADY_SETTLED);
        assertThat(bench.broker.written).isEmpty();
    }

    @Test
    void workThatGoesOnMustEndAsIfItWereWritten() {
        KeptLease lease = bench.run();
        long now = bench.now();

        lease.settle(SettleVerb.NAK, LONG.toNanos(), null);

        assertThat(owner(lease).naksWritten).containsExactly(now);
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.mayWork()).isTrue();
        bench.pass(Duration.ofNanos(lease.terms().budgetNanos()));
        assertThat(lease.mayWork()).isFalse();
    }

    @Test
    void noWorkStartsUnderIt() {
        bench.broker.confirmingTouches();
        KeptLease lease = bench.open();

        lease.settle(SettleVerb.NAK, LONG.toNanos(), null);

        assertThat(lease.mayStart()).isFalse();
        assertThat(lease.lossOrNull()).isNull();
    }

    @Test
    void aLeaseThatNothingExtendsIsGivenBackInTimeForItsNak() {
        LeaseBench fixed = LeaseBench.of(LeaseTime.fixed(LeaseBench.T)).rules(RULES);
        fixed.broker.confirming();
        KeptLease lease = fixed.run();
        lease.workEnded();

        lease.settle(SettleVerb.NAK, LONG.toNanos(), null);
        fixed.pass(LeaseBench.T);

        assertThat(lease.state()).isEqualTo(LeaseState.SETTLED);
        assertThat(fixed.broker.touchedAt).isEmpty();
    }

    @Test
    void withoutADelayItIsWrittenAtOnce() {
        KeptLease lease = heldBack(Duration.ZERO);

        assertThat(lease.state()).isEqualTo(LeaseState.SETTLED);
        assertThat(lease.isHeldBack()).isFalse();
    }
}
