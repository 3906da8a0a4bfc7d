package io.leasehold.lease.keeper;

import static io.leasehold.lease.keeper.LeaseBench.owner;
import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.error.ErrorCode;
import io.leasehold.lease.BrokerRules;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseState;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.SettlementLevel;
import org.junit.jupiter.api.Test;

/** A lease that belongs to a connection ends with it, whatever was decided about it. */
class ConnectionLostTest {
    private final LeaseBench bench = LeaseBench.fenced();

    @Test
    void aLeaseThatIsHeldIsLost() {
        KeptLease lease = bench.run();

        lease.connectionLost();

        assertThat(owner(lease).losses).containsExactly(LeaseLoss.CONNECTION_LOST);
        assertThat(lease.mayWork()).isFalse();
        assertThat(Answered.of(lease.handle().ack()).code()).isEqualTo(ErrorCode.LEASE_LOST);
        assertThat(bench.broker.written).isEmpty();
    }

    @Test
    void whatIsToBeWrittenIsNotWrittenAnyMore() {
        bench.broker.writingLater();
        KeptLease lease = bench.run();
        Answered<SettleAnswer> ack = Answered.of(lease.handle().ack());

        lease.connectionLost();
        bench.broker.writeNow();

        assertThat(ack.code()).isEqualTo(ErrorCode.LEASE_LOST);
        assertThat(bench.broker.written).isEmpty();
    }

    @Test
    void whatWasWrittenIsUnknownAndWorkThatGoesOnEnds() {
        KeptLease lease = bench.run();
        Answered<SettleAnswer> ack = Answered.of(lease.handle().ack());
        assertThat(lease.mayWork()).isTrue();

        lease.connectionLost();

        assertThat(ack.value()).isEqualTo(SettleAnswer.UNKNOWN);
        assertThat(lease.mayWork()).isFalse();
        assertThat(bench.broker.aborts).isZero();
    }

    @Test
    void workThatGoesOnAfterAnAckWithoutAnAnswerEnds() {
        bench.level(SettlementLevel.WRITTEN);
        KeptLease lease = bench.run();
        assertThat(Answered.of(lease.handle().ack()).value()).isEqualTo(SettleAnswer.DONE);
        assertThat(lease.mayWork()).isTrue();

        lease.connectionLost();

        assertThat(lease.mayWork()).isFalse();
        assertThat(owner(lease).holdsExceeded).hasSize(1);
    }

    @Test
    void whatThePortRefusesWithoutWritingItIsLostAtOnce() {
        bench.broker.writingLater();
        KeptLease lease = bench.run();
        Answered.of(lease.handle().ack());

        lease.refused(LeaseLoss.CONNECTION_LOST);

        assertThat(owner(lease).losses).containsExactly(LeaseLoss.CONNECTION_LOST);
    }

    @Test
    void aNakThatIsHeldBackIsLost() {
        bench.rules(new BrokerRules(true, 0, false, true, true, Long.MAX_VALUE));
        KeptLease lease = bench.open();
        lease.settle(SettleVerb.NAK, LeaseBench.T.toNanos(), null);

        lease.connectionLost();

        assertThat(lease.lossOrNull()).isEqualTo(LeaseLoss.CONNECTION_LOST);
        assertThat(bench.broker.written).isEmpty();
    }

    @Test
    void whatWasConfirmedStaysSettled() {
        bench.broker.confirming();
        KeptLease lease = bench.run();
        Answered.of(lease.handle().ack());

        lease.connectionLost();

        assertThat(lease.state()).isEqualTo(LeaseState.SETTLED);
        assertThat(owner(lease).losses).isEmpty();
        assertThat(lease.mayWork()).isTrue();
    }
}
