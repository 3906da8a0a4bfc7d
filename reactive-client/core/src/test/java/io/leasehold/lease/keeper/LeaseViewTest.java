package io.leasehold.lease.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseReporter;
import io.leasehold.lease.LeaseState;
import io.leasehold.lease.LeaseView;
import io.leasehold.lease.SettleVerb;
import java.lang.reflect.Method;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever looks at a lease sees its facts, and cannot change it. */
class LeaseViewTest {
    private final LeaseBench bench = LeaseBench.fenced();

    @Test
    void aViewFollowsItsLease() {
        KeptLease lease = bench.open();
        LeaseView view = lease;
        assertThat(view.state()).isEqualTo(LeaseState.HELD);
        assertThat(view.startedNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(view.decidedOrNull()).isNull();

        lease.workStarted();
        lease.settle(SettleVerb.NAK, 0, null);

        assertThat(view.state()).isEqualTo(LeaseState.WRITTEN);
        assertThat(view.startedNanos()).isEqualTo(bench.now());
        assertThat(view.decidedOrNull()).isEqualTo(SettleVerb.NAK);
        assertThat(view.lossOrNull()).isNull();
    }

    @Test
    void aViewShowsTheDeliveryAndWhoHoldsIt() {
        LeaseView view = bench.run();

        assertThat(view.group()).isEmpty();
        assertThat(view.message()).isNull();
        assertThat(view.token()).isEqualTo(TestGrant.TOKEN);
        assertThat(view.deliveryCount()).isEqualTo(3);
        assertThat(view.deadlineNanos()).isGreaterThan(bench.now());
    }

    @Test
    void aViewShowsTouchesAndTheLoss() {
        LeaseView view = bench.run();

        bench.pass(LeaseBench.T);

        assertThat(view.touches()).isEqualTo(4);
        assertThat(view.lossOrNull()).isEqualTo(LeaseLoss.EXPIRED);
    }

    @Test
    void aViewCanOnlyBeRead() {
        for (Method reading : LeaseView.class.getMethods()) {
            assertThat(reading.getParameterCount()).as("%s", reading).isZero();
            assertThat(reading.getReturnType()).as("%s", reading).isNotEqualTo(void.class);
        }
    }

    @Test
    void recordersAreShownViewsAlone() {
        Stream<Class<?>> shown = Stream.of(LeaseReporter.class.getMethods())
                .flatMap(told -> Stream.of(told.getParameterTypes()))
                .filter(LeaseView.class::isAssignableFrom);

        assertThat(shown).isNotEmpty().containsOnly(LeaseView.class);
    }
}
