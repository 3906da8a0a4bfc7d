package io.leasehold.lease.keeper;

import static io.leasehold.lease.LeaseState.HELD;
import static io.leasehold.lease.LeaseState.LOST;
import static io.leasehold.lease.LeaseState.SETTLED;
import static io.leasehold.lease.LeaseState.SETTLING;
import static io.leasehold.lease.LeaseState.UNKNOWN;
import static io.leasehold.lease.LeaseState.WRITTEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseState;
import io.leasehold.lease.SettleVerb;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The steps of a lease are those of the drawing and no others, and whoever takes one is told so. */
class LeaseStateTest {
    private static final Map<LeaseState, Set<LeaseState>> DRAWING = new EnumMap<>(Map.of(
            HELD, EnumSet.of(SETTLING, LOST),
            SETTLING, EnumSet.of(WRITTEN, LOST),
            WRITTEN, EnumSet.of(SETTLED, UNKNOWN, LOST),
            SETTLED, EnumSet.noneOf(LeaseState.class),
            UNKNOWN, EnumSet.noneOf(LeaseState.class),
            LOST, EnumSet.noneOf(LeaseState.class)));

    @ParameterizedTest
    @EnumSource
    void aStateLeadsWhereTheDrawingSays(LeaseState from) {
        for (LeaseState to : LeaseState.values()) {
            assertThat(from.leadsTo(to))
                    .as("%s to %s", from, to)
                    .isEqualTo(DRAWING.get(from).contains(to));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLeaseTakesNoOtherStep(LeaseState from) {
        for (LeaseState to : LeaseState.values()) {
            BareLease lease = BareLease.in(from);
            boolean drawn = DRAWING.get(from).contains(to);
            assertThat(lease.advance(from, to)).as("%s to %s", from, to).isEqualTo(drawn);
            assertThat(lease.state()).as("%s to %s", from, to).isEqualTo(drawn ? to : from);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStepFromAnotherStateIsNotTaken(LeaseState present) {
        for (LeaseState from : LeaseState.values()) {
            for (LeaseState to : LeaseState.values()) {
                BareLease lease = BareLease.in(present);
                boolean taken = lease.advance(from, to);
                assertThat(taken && from != present)
                        .as("%s: %s to %s", present, from, to)
                        .isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void openIsWhatHasNotEnded(LeaseState state) {
        assertThat(state.isOpen()).isEqualTo(!DRAWING.get(state).isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void theVerbIsKeptFromTheDecisionToTheEnd(SettleVerb verb) {
        BareLease lease = BareLease.in(HELD);
        assertThat(lease.decidedOrNull()).isNull();
        assertThat(lease.settle(verb)).isTrue();
        assertThat(lease.decidedOrNull()).isEqualTo(verb);
        lease.advance(SETTLING, WRITTEN);
        assertThat(lease.decidedOrNull()).isEqualTo(verb);
        lease.advance(WRITTEN, UNKNOWN);

        assertThat(lease.decidedOrNull()).isEqualTo(verb);
    }

    @ParameterizedTest
    @EnumSource
    void theReasonOfALossIsKept(LeaseLoss reason) {
        for (LeaseState from : EnumSet.of(HELD, SETTLING, WRITTEN)) {
            BareLease lease = BareLease.in(from);
            assertThat(lease.lossOrNull()).isNull();
            assertThat(lease.lose(from, reason)).isTrue();
            assertThat(lease.lossOrNull()).isEqualTo(reason);
            assertThat(lease.decidedOrNull()).isNull();
        }
    }

    @Test
    void onlyTheFirstOfTwoDecisionsWins() {
        BareLease lease = BareLease.in(HELD);

        assertThat(lease.settle(SettleVerb.ACK)).isTrue();
        assertThat(lease.settle(SettleVerb.NAK)).isFalse();
        assertThat(lease.lose(HELD, LeaseLoss.EXPIRED)).isFalse();
        assertThat(lease.decidedOrNull()).isEqualTo(SettleVerb.ACK);
    }

    @Test
    void whatIsLostIsNotLostAgainForAnotherReason() {
        BareLease lease = BareLease.in(HELD);
        lease.lose(HELD, LeaseLoss.SUPERSEDED);
        for (LeaseState from : LeaseState.values()) {
            assertThat(lease.lose(from, LeaseLoss.EXPIRED)).isFalse();
        }

        assertThat(lease.lossOrNull()).isEqualTo(LeaseLoss.SUPERSEDED);
    }
}
