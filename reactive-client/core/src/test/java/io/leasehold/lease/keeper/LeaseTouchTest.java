package io.leasehold.lease.keeper;

import static io.leasehold.lease.keeper.LeaseBench.owner;
import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.error.ErrorCode;
import io.leasehold.lease.BrokerRules;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseLostException;
import io.leasehold.lease.LeaseState;
import io.leasehold.lease.LeaseTerms;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.TouchMode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** A touch that the user asks for ends in exactly one signal. */
class LeaseTouchTest {
    private final LeaseBench bench = LeaseBench.fenced().touching(TouchMode.NEVER);
    private final ScriptedBroker broker = bench.broker;
    private final KeptLease lease = bench.run();

    @Test
    void nothingIsWrittenBeforeItIsSubscribed() {
        Mono<Duration> touch = lease.handle().touch();

        assertThat(broker.flushes).isEmpty();
        assertThat(touch).isNotNull();
    }

    @Test
    void aConfirmedTouchGivesTheTimeThatIsLeft() {
        bench.pass(Duration.ofSeconds(20));
        Answered<Duration> touch = Answered.of(lease.handle().touch());
        assertThat(touch.isOpen()).isTrue();
        bench.pass(Duration.ofSeconds(2));
        broker.confirmTouches(0);

        assertThat(touch.value()).isEqualTo(Duration.ofMillis(27_640));
        assertThat(lease.handle().remaining()).isEqualTo(touch.value());
    }

    @Test
    void eachSubscriptionIsATouchOfItsOwn() {
        broker.confirmingTouches();
        for (int i = 0; i < 5; i++) {
            bench.pass(Duration.ofSeconds(20));
            Answered.of(lease.handle().touch()).value();
        }

        assertThat(broker.touchedAt).hasSize(5);
        assertThat(lease.state()).isEqualTo(LeaseState.HELD);
    }

    @Test
    void aRefusedTouchErrorsWithTheLoss() {
        Answered<Duration> touch = Answered.of(lease.handle().touch());
        broker.refuseTouches(LeaseLoss.SUPERSEDED);

        assertThat(touch.code()).isEqualTo(ErrorCode.LEASE_LOST);
        assertThat(((LeaseLostException) touch.error()).loss()).isEqualTo(LeaseLoss.SUPERSEDED);
        assertThat(owner(lease).losses).containsExactly(LeaseLoss.SUPERSEDED);
    }

    @Test
    void anUnansweredTouchEndsWithTheLease() {
        Answered<Duration> touch = Answered.of(lease.handle().touch());
        bench.pass(LeaseBench.T);
        assertThat(touch.code()).isEqualTo(ErrorCode.LEASE_LOST);
    }

    @Test
    void anUnansweredTouchEndsWithTheSettlement() {
        Answered<Duration> touch = Answered.of(lease.handle().touch());
        lease.settle(SettleVerb.ACK, 0, null);
        broker.answerSettlements();
        assertThat(touch.code()).isEqualTo(ErrorCode.TOUCH_UNANSWERED);
    }

    @Test
    void anUnansweredTouchEndsAtTheDeadlineItWasSentUnderThoughOthersExtendTheLease() {
        Answered<Duration> lost = Answered.of(lease.handle().touch());
        broker.unansweredTouches.clear();
        broker.confirmingTouches();
        long deadline = lease.deadlineNanos();
        bench.pass(Duration.ofSeconds(15));
        Answered.of(lease.handle().touch()).value();
        bench.passUntil(deadline);

        assertThat(lease.state()).isEqualTo(LeaseState.HELD);
        assertThat(lost.code()).isEqualTo(ErrorCode.TOUCH_UNANSWERED);
    }

    @Test
    void aTouchAfterTheSettlementWasWrittenWritesNothing() {
        lease.settle(SettleVerb.ACK, 0, null);
        assertThat(Answered.of(lease.handle().touch()).code()).isEqualTo(ErrorCode.LEASE_LOST);
        assertThat(broker.flushes).isEmpty();
    }

    @Test
    void touchesExtendALeaseUpToTheLimitOfTheBroker() {
        long limit = LeaseBench.T.multipliedBy(3).toNanos();
        LeaseBench limited = LeaseBench.fenced().rules(new BrokerRules(true, 0, true, true, true, limit));
        limited.broker.confirmingTouches();
        KeptLease kept = limited.run();
        long last = limited.now() + limit / 1001 * 999 - kept.terms().budgetNanos();

        limited.passUntil(last - LeaseTerms.TICK_NANOS);
        assertThat(kept.isHeld()).isTrue();
        limited.passUntil(last + LeaseTerms.TICK_NANOS);

        assertThat(owner(kept).losses).containsExactly(LeaseLoss.EXPIRED);
    }

    @Test
    void aLeaseThatTheBrokerEndsSoonerThanItSaysEndsByThen() {
        long limit = LeaseBench.T.dividedBy(2).toNanos();
        LeaseBench limited = LeaseBench.fenced().rules(new BrokerRules(true, 0, true, true, true, limit));
        KeptLease kept = limited.run();

        long latest = limited.now() + limit / 1001 * 999 - kept.terms().budgetNanos();

        assertThat(kept.deadlineNanos()).isBetween(latest - LeaseTerms.TICK_NANOS, latest);
    }

    @Test
    void aTouchByHandIsRefusedWhereNothingExtendsALease() {
        KeptLease kept = LeaseBench.of(LeaseTime.fixed(LeaseBench.T)).run();

        assertThat(Answered.of(kept.handle().touch()).code()).isEqualTo(ErrorCode.UNSUPPORTED);
    }

    @Test
    void aLeaseThatNothingExtendsStaysAsItIs() {
        LeaseBench fixed = LeaseBench.of(LeaseTime.fixed(LeaseBench.T));
        fixed.broker.confirmingTouches();
        KeptLease kept = fixed.run();
        long deadline = kept.deadlineNanos();
        fixed.pass(Duration.ofSeconds(20));
        kept.handle().touch().subscribe(left -> {}, error -> {});
        assertThat(kept.deadlineNanos()).isEqualTo(deadline);
        fixed.pass(Duration.ofSeconds(10));

        assertThat(owner(kept).losses).containsExactly(LeaseLoss.EXPIRED);
    }
}
