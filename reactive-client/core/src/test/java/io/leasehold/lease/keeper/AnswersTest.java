package io.leasehold.lease.keeper;

import static io.leasehold.lease.keeper.LeaseBench.owner;
import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.lease.BrokerRules;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseState;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleVerb;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a lease makes of a broker that answers only what it refuses, or whose answers prove nothing. */
class AnswersTest {
    private final LeaseBench errorsOnly =
            LeaseBench.fenced().rules(new BrokerRules(true, 0, true, false, true, Long.MAX_VALUE));

    @ParameterizedTest
    @EnumSource
    void whereOnlyErrorsAreAnsweredASettlementIsDoneWhenItIsWritten(SettleVerb verb) {
        KeptLease lease = errorsOnly.open();

        assertThat(lease.settle(verb, 0, null)).isTrue();

        assertThat(lease.state()).isEqualTo(LeaseState.SETTLED);
        assertThat(owner(lease).answers).containsExactly(SettleAnswer.DONE);
        assertThat(lease.wantsAnswer()).isFalse();
    }

    @Test
    void itIsNotWrittenAgain() {
        KeptLease lease = errorsOnly.open();
        lease.settle(SettleVerb.ACK, 0, null);

        errorsOnly.pass(LeaseBench.T.multipliedBy(2));

        assertThat(errorsOnly.broker.verbs()).containsExactly(SettleVerb.ACK);
    }

    @Test
    void workThatGoesOnAfterItsOwnAckEndsByTheDeadline() {
        KeptLease lease = errorsOnly.run();
        lease.settle(SettleVerb.ACK, 0, null);
        assertThat(lease.mayWork()).isTrue();

        errorsOnly.passUntil(lease.deadlineNanos());

        assertThat(lease.mayWork()).isFalse();
        assertThat(owner(lease).holdsExceeded).hasSize(1);
    }

    @Test
    void aRefusalThatComesLaterEndsWorkThatGoesOn() {
        KeptLease lease = errorsOnly.run();
        lease.settle(SettleVerb.ACK, 0, null);

        errorsOnly.broker.refuseSettlements(LeaseLoss.SUPERSEDED);

        assertThat(lease.mayWork()).isFalse();
        assertThat(owner(lease).holdsExceeded).hasSize(1);
        assertThat(lease.state()).isEqualTo(LeaseState.SETTLED);
    }

    @Test
    void aTouchExtendsNothingUntilSomethingIsHeard() {
        KeptLease lease = errorsOnly.run();
        long deadline = lease.deadlineNanos();
        errorsOnly.pass(Duration.ofSeconds(12));
        long sentAt = errorsOnly.broker.touchedAt.get(0);
        assertThat(lease.deadlineNanos()).isEqualTo(deadline);

        errorsOnly.pass(Duration.ofSeconds(2));
        errorsOnly.broker.confirmTouches(0);

        assertThat(lease.deadlineNanos()).isGreaterThanOrEqualTo(lease.terms().workDeadline(sentAt));
        assertThat(lease.deadlineNanos()).isLessThan(lease.terms().workDeadline(errorsOnly.now()));
    }

    @Test
    void anAnswerThatProvesNothingGivesWorkNoMoreTime() {
        LeaseBench silent = LeaseBench.fenced().rules(new BrokerRules(true, 0, true, true, false, Long.MAX_VALUE));
        silent.broker.confirming();
        KeptLease lease = silent.run();
        lease.settle(SettleVerb.ACK, 0, null);
        assertThat(lease.mayWork()).isTrue();

        silent.passUntil(lease.deadlineNanos());

        assertThat(lease.mayWork()).isFalse();
    }
}
