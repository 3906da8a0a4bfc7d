package io.leasehold.lease.keeper;

import static io.leasehold.lease.keeper.LeaseBench.owner;
import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.error.ErrorCode;
import io.leasehold.lease.Lease;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseLostException;
import io.leasehold.lease.LeaseState;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.SettlementLevel;
import io.leasehold.lease.StoppedTimers;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** Each step that is visible outside asks the clock first, so a timer that comes too late does no harm. */
class KeptLeaseTest {
    private static final Map<String, Function<Lease, Publisher<?>>> STEPS = Map.of(
            "check",
            Lease::check,
            "ack",
            Lease::ack,
            "nak",
            Lease::nak,
            "nak with a delay",
            lease -> lease.nak(Duration.ofSeconds(3)),
            "terminate",
            lease -> lease.terminate("never"),
            "touch",
            Lease::touch,
            "bind",
            lease -> lease.bind(Mono.just("k"), any -> Mono.empty()),
            "track",
            lease -> lease.track(Mono.just("k")));

    private final StoppedTimers timers = new StoppedTimers();
    private final LeaseBench bench = LeaseBench.frozen(true, timers);
    private final ScriptedBroker broker = bench.broker;

    @TestFactory
    Stream<DynamicTest> whateverIsAskedAfterTheDeadlineIsRefusedAlthoughNoTimerRan() {
        return STEPS.entrySet().stream()
                .map(step -> DynamicTest.dynamicTest(step.getKey(), () -> refusedAfterTheDeadline(step.getValue())));
    }

    private void refusedAfterTheDeadline(Function<Lease, Publisher<?>> step) {
        KeptLease lease = bench.run();
        Publisher<?> asked = step.apply(lease.handle());
        timers.passUntil(lease.deadlineNanos());
        assertThat(Answered.of(asked).code()).isEqualTo(ErrorCode.LEASE_LOST);
        assertThat(owner(lease).losses).containsExactly(LeaseLoss.EXPIRED);
        assertThat(broker.written).isEmpty();
        assertThat(broker.flushes).isEmpty();
    }

    @Test
    void aShorterLeaseTimeHoldsForWhatIsHeld() {
        KeptLease lease = bench.run();
        long before = lease.deadlineNanos();

        lease.shorten(LeaseBench.T.toNanos() / 2);
        assertThat(lease.deadlineNanos()).isLessThan(before);
        assertThat(lease.terms().leaseNanos()).isEqualTo(LeaseBench.T.toNanos() / 2);
        timers.passUntil(lease.deadlineNanos());

        assertThat(Answered.of(lease.handle().ack()).code()).isEqualTo(ErrorCode.LEASE_LOST);
        assertThat(broker.written).isEmpty();
    }

    @Test
    void aLongerLeaseTimeChangesNothingOfWhatIsHeld() {
        KeptLease lease = bench.run();
        long before = lease.deadlineNanos();
        lease.shorten(2 * LeaseBench.T.toNanos());
        assertThat(lease.deadlineNanos()).isEqualTo(before);
    }

    @Test
    void aTouchThatWasUnderWayDoesNotUndoAShorterLeaseTime() {
        KeptLease lease = bench.run();
        Answered<?> touch = Answered.of(lease.handle().touch());

        lease.shorten(LeaseBench.T.toNanos() / 2);
        broker.confirmTouches(0);

        assertThat(touch.error()).isNull();
        assertThat(lease.terms().leaseNanos()).isEqualTo(LeaseBench.T.toNanos() / 2);
    }

    @TestFactory
    Stream<DynamicTest> whateverIsAskedJustBeforeTheDeadlineIsDone() {
        return STEPS.entrySet().stream()
                .map(step -> DynamicTest.dynamicTest(step.getKey(), () -> doneBeforeTheDeadline(step.getValue())));
    }

    private void doneBeforeTheDeadline(Function<Lease, Publisher<?>> step) {
        KeptLease lease = bench.run();
        timers.passUntil(lease.deadlineNanos() - 1);
        Answered<?> answered = Answered.of(step.apply(lease.handle()));
        broker.answerSettlements();
        broker.confirmTouches(0);
        assertThat(answered.error()).isNull();
        assertThat(answered.isOpen()).isFalse();
        assertThat(owner(lease).losses).isEmpty();
    }

    @Test
    void workMayGoOnUpToTheDeadlineAndNotAtIt() {
        KeptLease lease = bench.run();
        timers.passUntil(lease.deadlineNanos() - 1);
        assertThat(lease.mayWork()).isTrue();
        assertThat(lease.isHeld()).isTrue();
        timers.passUntil(lease.deadlineNanos());

        assertThat(lease.mayWork()).isFalse();
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.handle().remaining()).isZero();
        assertThat(owner(lease).losses).containsExactly(LeaseLoss.EXPIRED);
    }

    @Test
    void aSettlementThatWasDecidedInTimeButNotWrittenIsNotWrittenLater() {
        broker.writingLater();
        KeptLease lease = bench.run();
        Answered<SettleAnswer> ack = Answered.of(lease.handle().ack());
        timers.passUntil(lease.deadlineNanos());
        broker.writeNow();

        assertThat(broker.written).isEmpty();
        assertThat(ack.code()).isEqualTo(ErrorCode.EXPIRED);
        assertThat(owner(lease).losses).containsExactly(LeaseLoss.EXPIRED);
    }

    @Test
    void aTouchThatWasMadeInTimeButNotWrittenIsNotWrittenLater() {
        KeptLease lease = bench.run();
        Touch touch = Touch.silent(lease, bench.now());

        assertThat(touch.tryWrite()).isTrue();
        timers.passUntil(lease.deadlineNanos());

        assertThat(touch.tryWrite()).isFalse();
    }

    @Test
    void anAnswerThatAFrozenProcessReadsAfterTheDeadlineDoesNotRescueTheLease() {
        KeptLease lease = bench.run();
        Answered<Duration> touch = Answered.of(lease.handle().touch());

        timers.passUntil(lease.deadlineNanos());
        broker.confirmTouches(0);

        assertThat(touch.code()).isEqualTo(ErrorCode.LEASE_LOST);
        assertThat(lease.isHeld()).isFalse();
    }

    @TestFactory
    Stream<DynamicTest> whateverIsAskedAfterTheMachineSleptIsRefusedAlthoughNothingHasLookedAtTheClockSince() {
        return STEPS.entrySet().stream()
                .map(step -> DynamicTest.dynamicTest(step.getKey(), () -> refusedAfterASleep(step.getValue())));
    }

    private void refusedAfterASleep(Function<Lease, Publisher<?>> step) {
        KeptLease lease = bench.run();
        Publisher<?> asked = step.apply(lease.handle());
        timers.sleep(LeaseBench.T);
        assertThat(Answered.of(asked).code()).isEqualTo(ErrorCode.LEASE_LOST);
        assertThat(owner(lease).losses).containsExactly(LeaseLoss.EXPIRED);
        assertThat(broker.written).isEmpty();
        assertThat(broker.flushes).isEmpty();
    }

    @Test
    void aTouchThatIsConfirmedOnWakingFromASleepDoesNotReviveTheLease() {
        KeptLease lease = bench.run();
        Answered<Duration> touch = Answered.of(lease.handle().touch());

        timers.sleep(LeaseBench.T);
        broker.confirmTouches(0);

        assertThat(touch.code()).isEqualTo(ErrorCode.LEASE_LOST);
        assertThat(bench.reports.touchAnswers).containsExactly(false);
        assertThat(lease.isHeld()).isFalse();
    }

    @Test
    void whatWaitedToBeWrittenIsNotWrittenOnWakingFromASleep() {
        broker.writingLater();
        KeptLease acked = bench.run();
        acked.settle(SettleVerb.ACK, 0, null);
        Touch touch = Touch.silent(bench.run(), bench.now());
        KeptLease waiting = bench.open();
        timers.sleep(LeaseBench.T);
        broker.writeNow();

        assertThat(broker.written).isEmpty();
        assertThat(touch.tryWrite()).isFalse();
        assertThat(waiting.mayStart()).isFalse();
    }

    @Test
    void aSettlementThatIsAnsweredJustBeforeTheDeadlineIsDone() {
        KeptLease lease = bench.run();
        Answered<SettleAnswer> ack = Answered.of(lease.handle().ack());

        timers.passUntil(lease.deadlineNanos() - 1);
        broker.answerSettlements();
        assertThat(ack.value()).isEqualTo(SettleAnswer.DONE);
        assertThat(bench.reports.late).hasValue(0);
        timers.passUntil(lease.deadlineNanos());

        assertThat(lease.mayWork()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(SettleVerb.class)
    void aSettlementThatIsAnsweredAtTheDeadlineIsUnknownAlthoughNoTimerRan(SettleVerb verb) {
        KeptLease lease = bench.run();
        lease.settle(verb, 0, null);
        timers.passUntil(lease.deadlineNanos());
        broker.answerSettlements();
        requireUnknown(lease);
    }

    @Test
    void aSettlementThatIsAnsweredOnWakingFromASleepIsUnknown() {
        KeptLease lease = bench.run();
        lease.settle(SettleVerb.ACK, 0, null);
        timers.sleep(LeaseBench.T);
        broker.answerSettlements();
        requireUnknown(lease);
    }

    private void requireUnknown(KeptLease lease) {
        assertThat(lease.state()).isEqualTo(LeaseState.UNKNOWN);
        assertThat(owner(lease).answers).containsExactly(SettleAnswer.UNKNOWN);
        assertThat(lease.mayWork()).isFalse();
        assertThat(bench.reports.late).hasValue(1);
    }

    @Test
    void workThatAckedWithoutAwaitingTheAnswerMayNotGoOnWhenTheAnswerComesAtTheDeadline() {
        bench.level(SettlementLevel.WRITTEN);
        KeptLease lease = bench.run();
        lease.settle(SettleVerb.ACK, 0, null);
        assertThat(owner(lease).answers).containsExactly(SettleAnswer.DONE);
        timers.passUntil(lease.deadlineNanos());
        broker.answerSettlements();

        assertThat(lease.mayWork()).isFalse();
        assertThat(bench.reports.late).hasValue(1);
    }

    @Test
    void aNakWhoseAnswerComesTooLateEndsNoConnection() {
        LeaseBench unfenced = LeaseBench.frozen(false, timers);
        KeptLease lease = unfenced.run();

        lease.settle(SettleVerb.NAK, 0, null);
        timers.passUntil(lease.deadlineNanos());
        unfenced.broker.answerSettlements();

        assertThat(lease.state()).isEqualTo(LeaseState.UNKNOWN);
        assertThat(unfenced.broker.aborts).isZero();
    }

    @Test
    void workThatAckedIsCancelledAtTheDeadlineWhenNoAnswerCame() {
        KeptLease lease = bench.run();
        lease.settle(SettleVerb.ACK, 0, null);
        timers.passUntil(lease.deadlineNanos() - 1);
        assertThat(lease.mayWork()).isTrue();
        timers.passUntil(lease.deadlineNanos());

        assertThat(lease.mayWork()).isFalse();
        assertThat(lease.state()).isEqualTo(LeaseState.UNKNOWN);
        assertThat(owner(lease).answers).containsExactly(SettleAnswer.UNKNOWN);
    }

    @ParameterizedTest
    @EnumSource(SettleVerb.class)
    void workMayGoOnAfterItsOwnConfirmedSettlementUnlessThatWasANak(SettleVerb verb) {
        KeptLease lease = bench.run();
        lease.settle(verb, 0, null);
        broker.answerSettlements();
        timers.passUntil(lease.deadlineNanos() + 1);

        assertThat(lease.mayWork()).isEqualTo(verb != SettleVerb.NAK);
    }

    @Test
    void workStartsOnlyWithEnoughTimeLeft() {
        KeptLease lease = bench.open();
        timers.passUntil(lease.deadlineNanos() - lease.terms().startNanosMin());
        assertThat(lease.mayStart()).isTrue();
        KeptLease late = bench.open();
        timers.passUntil(late.deadlineNanos() - late.terms().startNanosMin() + 1);

        assertThat(late.mayStart()).isFalse();
        assertThat(owner(late).losses).containsExactly(LeaseLoss.RUN_OUT);
        assertThat(broker.written).isEmpty();
    }

    @Test
    void workThatIsToStartAfterTheDeadlineFindsTheLeaseExpired() {
        KeptLease lease = bench.open();
        timers.passUntil(lease.deadlineNanos());
        assertThat(lease.mayStart()).isFalse();
        assertThat(owner(lease).losses).containsExactly(LeaseLoss.EXPIRED);
    }

    @ParameterizedTest
    @EnumSource(LeaseLoss.class)
    void aLossIsToldOnceAndEndsWhateverIsAskedNext(LeaseLoss why) {
        KeptLease lease = bench.run();
        assertThat(lease.lose(why)).isTrue();
        assertThat(lease.lose(LeaseLoss.EXPIRED)).isFalse();
        timers.passUntil(lease.deadlineNanos() + 1);
        assertThat(lease.isHeld()).isFalse();
        assertThat(owner(lease).losses).containsExactly(why);
        Answered<SettleAnswer> ack = Answered.of(lease.handle().ack());

        assertThat(ack.code()).isEqualTo(ErrorCode.LEASE_LOST);
        assertThat(((LeaseLostException) ack.error()).loss()).isEqualTo(why);
        assertThat(bench.reports.stale).containsExactly(SettleVerb.ACK);
        assertThat(broker.asked).isZero();
    }

    @Test
    void whatIsWrittenIsNoLongerLostButToTheBrokersRefusal() {
        KeptLease lease = bench.run();
        lease.settle(SettleVerb.ACK, 0, null);
        assertThat(lease.lose(LeaseLoss.SUPERSEDED)).isFalse();
        broker.refuseSettlements(LeaseLoss.SETTLED_ELSEWHERE);

        assertThat(owner(lease).losses).containsExactly(LeaseLoss.SETTLED_ELSEWHERE);
        assertThat(lease.mayWork()).isFalse();
    }

    @Test
    void theHandleTellsWhatTheBrokerSaid() {
        KeptLease lease = bench.run();
        timers.pass(Duration.ofSeconds(10));
        Lease handle = lease.handle();

        assertThat(handle).isSameAs(lease.handle());
        assertThat(handle.fencingToken()).contains(TestGrant.TOKEN);
        assertThat(handle.deliveryCount()).isEqualTo(3);
        assertThat(handle.remaining()).isEqualTo(Duration.ofMillis(19_640));
    }

    @Test
    void aHandleThatIsAskedForAfterTheEndKnowsIt() {
        KeptLease lost = bench.run();
        lost.lose(LeaseLoss.SUPERSEDED);
        assertThat(Answered.of(lost.handle().lost()).value()).isEqualTo(LeaseLoss.SUPERSEDED);
        KeptLease settled = bench.run();
        settled.settle(SettleVerb.ACK, 0, null);
        broker.answerSettlements();

        assertThat(Answered.of(settled.handle().lost()).values).isEmpty();
        assertThat(Answered.of(settled.handle().ack()).value()).isEqualTo(SettleAnswer.DONE);
    }

    @Test
    void aLossIsToldToWhoeverWaitsForOne() {
        KeptLease lease = bench.run();
        Answered<LeaseLoss> first = Answered.of(lease.handle().lost());
        Answered<LeaseLoss> second = Answered.of(lease.handle().lost());

        lease.lose(LeaseLoss.CLOSED);

        assertThat(first.value()).isEqualTo(LeaseLoss.CLOSED);
        assertThat(second.value()).isEqualTo(LeaseLoss.CLOSED);
    }
}
