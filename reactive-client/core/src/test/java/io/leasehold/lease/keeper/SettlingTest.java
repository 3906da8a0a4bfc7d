package io.leasehold.lease.keeper;

import static io.leasehold.lease.keeper.LeaseBench.owner;
import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.error.ErrorCode;
import io.leasehold.lease.Lease;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseLostException;
import io.leasehold.lease.LeaseState;
import io.leasehold.lease.LeaseTerms;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.SettlementLevel;
import io.leasehold.lease.TouchMode;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** A delivery is settled once, in time, and whoever asked for it is told what became of it. */
class SettlingTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private static Mono<SettleAnswer> ask(KeptLease lease, SettleVerb verb) {
        Lease handle = lease.handle();
        return switch (verb) {
            case ACK -> handle.ack();
            case NAK -> handle.nak();
            case TERMINATE -> handle.terminate("why");
        };
    }

    private static SettleVerb another(SettleVerb verb) {
        return verb == SettleVerb.ACK ? SettleVerb.NAK : SettleVerb.ACK;
    }

    // ---- once

    @ParameterizedTest
    @EnumSource
    void nothingHappensBeforeASettlementIsSubscribed(SettleVerb verb) {
        LeaseBench bench = LeaseBench.fenced();
        KeptLease lease = bench.run();
        ask(lease, verb);

        assertThat(bench.broker.asked).isZero();
        assertThat(lease.state()).isEqualTo(LeaseState.HELD);
    }

    @ParameterizedTest
    @EnumSource
    void theSameSettlementAgainReplaysItsAnswer(SettleVerb verb) {
        LeaseBench bench = LeaseBench.fenced();
        KeptLease lease = bench.run();
        Answered<SettleAnswer> first = Answered.of(ask(lease, verb));
        Answered<SettleAnswer> second = Answered.of(ask(lease, verb));

        bench.broker.answerSettlements();
        Answered<SettleAnswer> third = Answered.of(ask(lease, verb));

        assertThat(List.of(first.value(), second.value(), third.value())).containsOnly(SettleAnswer.DONE);
        assertThat(bench.broker.verbs()).containsExactly(verb);
        assertThat(owner(lease).answers).containsExactly(SettleAnswer.DONE);
    }

    @ParameterizedTest
    @EnumSource
    void anotherSettlementIsRefusedAndWritesNothing(SettleVerb verb) {
        LeaseBench bench = LeaseBench.fenced();
        KeptLease lease = bench.run();
        Answered<SettleAnswer> first = Answered.of(ask(lease, verb));

        assertThat(Answered.of(ask(lease, another(verb))).code()).isEqualTo(ErrorCode.ALREADY_SETTLED);
        bench.broker.answerSettlements();

        assertThat(Answered.of(ask(lease, another(verb))).code()).isEqualTo(ErrorCode.ALREADY_SETTLED);
        assertThat(first.value()).isEqualTo(SettleAnswer.DONE);
        assertThat(bench.broker.verbs()).containsExactly(verb);
        assertThat(bench.reports.stale).containsOnly(another(verb)).hasSize(2);
    }

    @Test
    void aSettlementThatNobodyWaitsForAnyMoreIsStillDone() {
        LeaseBench bench = LeaseBench.fenced();
        KeptLease lease = bench.run();
        Answered<SettleAnswer> gone = Answered.of(lease.handle().ack());

        gone.cancel();
        bench.broker.answerSettlements();

        assertThat(gone.isOpen()).isTrue();
        assertThat(owner(lease).answers).containsExactly(SettleAnswer.DONE);
    }

    // ---- levels

    @ParameterizedTest
    @EnumSource
    void atLevelConfirmedDoneMeansThatTheBrokerAnswered(SettleVerb verb) {
        LeaseBench bench = LeaseBench.fenced();
        KeptLease lease = bench.run();
        Answered<SettleAnswer> asked = Answered.of(ask(lease, verb));

        assertThat(lease.state()).isEqualTo(LeaseState.WRITTEN);
        assertThat(asked.isOpen()).isTrue();
        bench.broker.answerSettlements();

        assertThat(asked.value()).isEqualTo(SettleAnswer.DONE);
        assertThat(lease.state()).isEqualTo(LeaseState.SETTLED);
    }

    @ParameterizedTest
    @EnumSource(
            value = SettleVerb.class,
            names = {"ACK", "TERMINATE"})
    void atLevelWrittenDoneMeansThatItWasHandedToTheSocket(SettleVerb verb) {
        LeaseBench bench = LeaseBench.fenced().level(SettlementLevel.WRITTEN);
        bench.broker.writingLater();
        KeptLease lease = bench.run();
        Answered<SettleAnswer> asked = Answered.of(ask(lease, verb));
        assertThat(asked.isOpen()).isTrue();
        bench.broker.writeNow();
        assertThat(asked.value()).isEqualTo(SettleAnswer.DONE);
        bench.broker.answerSettlements();
        assertThat(bench.reports.late).hasValue(0);
        assertThat(owner(lease).answers).containsExactly(SettleAnswer.DONE);
    }

    @Test
    void aNakIsNotDoneBeforeItsAnswerWhateverTheLevel() {
        LeaseBench bench = LeaseBench.unfenced().level(SettlementLevel.WRITTEN);
        KeptLease lease = bench.run();
        Answered<SettleAnswer> asked = Answered.of(ask(lease, SettleVerb.NAK));

        assertThat(asked.isOpen()).isTrue();
        bench.broker.answerSettlements();

        assertThat(asked.value()).isEqualTo(SettleAnswer.DONE);
    }

    @Test
    void atLevelWrittenWorkThatGoesOnStopsAtTheDeadlineWhenTheBrokerHasNotSaidSo() {
        LeaseBench bench = LeaseBench.fenced().level(SettlementLevel.WRITTEN);
        KeptLease lease = bench.run();

        lease.settle(SettleVerb.ACK, 0, null);
        bench.passUntil(lease.deadlineNanos() - 1);
        assertThat(lease.mayWork()).isTrue();
        assertThat(owner(lease).holdsExceeded).isEmpty();
        bench.passUntil(lease.deadlineNanos());

        assertThat(lease.mayWork()).isFalse();
        assertThat(owner(lease).holdsExceeded).containsExactly(lease.deadlineNanos());
    }

    @Test
    void atLevelWrittenWorkMayGoOnOnceTheBrokerHasSaidSo() {
        LeaseBench bench = LeaseBench.fenced().level(SettlementLevel.WRITTEN);
        KeptLease lease = bench.run();

        lease.settle(SettleVerb.ACK, 0, null);
        bench.broker.answerSettlements();
        bench.pass(Duration.ofMinutes(5));

        assertThat(lease.mayWork()).isTrue();
        assertThat(owner(lease).holdsExceeded).isEmpty();
    }

    // ---- again

    @ParameterizedTest
    @EnumSource(
            value = SettleVerb.class,
            names = {"ACK", "TERMINATE"})
    void whatIsNotAnsweredIsWrittenAgainUntilTheSendDeadline(SettleVerb verb) {
        LeaseBench bench = LeaseBench.unfenced();
        KeptLease lease = bench.run();
        bench.pass(Duration.ofSeconds(2));
        Answered<SettleAnswer> asked = Answered.of(ask(lease, verb));
        bench.passUntil(lease.deadlineNanos() - 1);
        assertThat(bench.broker.verbs()).containsOnly(verb).hasSizeBetween(3, 30);
        long send = lease.deadlineNanos() - lease.terms().guardNanos();
        assertThat(bench.broker.written).allSatisfy(one -> assertThat(one.at()).isLessThan(send));
        assertThat(bench.broker.written.get(1).at()
                        - bench.broker.written.get(0).at())
                .isGreaterThanOrEqualTo(SECOND);
        assertThat(asked.isOpen()).isTrue();
    }

    @Test
    void anAnswerToTheFirstWritingEndsTheRepetitions() {
        LeaseBench bench = LeaseBench.unfenced();
        KeptLease lease = bench.run();

        lease.settle(SettleVerb.ACK, 0, null);
        bench.pass(Duration.ofSeconds(1));
        bench.broker.answerSettlements();
        bench.pass(LeaseBench.T);

        assertThat(bench.broker.written).hasSize(1);
    }

    @Test
    void theAnswersToRepetitionsAreLateAndChangeNothing() {
        LeaseBench bench = LeaseBench.unfenced();
        KeptLease lease = bench.run();

        lease.settle(SettleVerb.ACK, 0, null);
        bench.pass(Duration.ofSeconds(10));
        int written = bench.broker.written.size();
        assertThat(written).isGreaterThan(1);
        bench.broker.answerSettlements();

        assertThat(owner(lease).answers).containsExactly(SettleAnswer.DONE);
        assertThat(bench.reports.late).hasValue(written - 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aNakIsWrittenOnce(boolean fenced) {
        LeaseBench bench = fenced ? LeaseBench.fenced() : LeaseBench.unfenced();
        KeptLease lease = bench.run();

        lease.workEnded();
        Answered<SettleAnswer> nak = Answered.of(lease.handle().nak());
        bench.pass(Duration.ofMinutes(1));

        assertThat(bench.broker.verbs()).containsExactly(SettleVerb.NAK);
        assertThat(nak.value()).isEqualTo(SettleAnswer.UNKNOWN);
    }

    @Test
    void aNakThatTheBrokerWantsToWriteASecondTimeIsNotLetThrough() {
        LeaseBench bench = LeaseBench.fenced();
        KeptLease lease = bench.run();
        lease.settle(SettleVerb.NAK, 0, null);
        assertThat(lease.tryWrite()).isFalse();
    }

    // ---- not taken

    @ParameterizedTest
    @EnumSource
    void whatTheBrokerHasNoRoomForIsOfferedAgainUntilItTakesIt(SettleVerb verb) {
        LeaseBench bench = LeaseBench.unfenced();
        bench.broker.full(true).confirming();
        KeptLease lease = bench.run();
        Answered<SettleAnswer> asked = Answered.of(ask(lease, verb));
        bench.pass(Duration.ofSeconds(12));
        assertThat(asked.isOpen()).isTrue();
        bench.broker.full(false);
        bench.pass(Duration.ofMillis(200));

        assertThat(asked.value()).isEqualTo(SettleAnswer.DONE);
        assertThat(bench.broker.verbs()).containsExactly(verb);
    }

    @ParameterizedTest
    @EnumSource
    void noTouchMovesTheDeadlineOfWhatIsDecided(SettleVerb verb) {
        LeaseBench bench = LeaseBench.unfenced();
        bench.broker.full(true).confirmingTouches();
        KeptLease lease = bench.run();
        long until = verb == SettleVerb.NAK ? lease.nakDeadlineNanos() : lease.sendDeadlineNanos();
        Answered<SettleAnswer> asked = Answered.of(ask(lease, verb));
        bench.passUntil(until - 1);
        assertThat(bench.broker.touchedAt).isNotEmpty();
        assertThat(asked.isOpen()).isTrue();
        bench.passUntil(until + LeaseTerms.TICK_NANOS);
        LeaseLoss loss = verb == SettleVerb.NAK ? LeaseLoss.RUN_OUT : LeaseLoss.EXPIRED;
        assertThat(owner(lease).losses).containsExactly(loss);
        bench.broker.full(false);
        bench.pass(LeaseBench.T);

        assertThat(bench.broker.written).isEmpty();
    }

    @Test
    void whatWaitsInAQueueIsNotWrittenAfterTheDeadlineItHadThoughItWasTouched() {
        LeaseBench bench = LeaseBench.unfenced();
        bench.broker.writingLater().confirmingTouches();
        KeptLease lease = bench.run();
        long until = lease.sendDeadlineNanos();
        lease.settle(SettleVerb.ACK, 0, null);
        bench.passUntil(until);
        bench.broker.writeNow();

        assertThat(bench.broker.written).isEmpty();
        assertThat(owner(lease).losses).containsExactly(LeaseLoss.EXPIRED);
    }

    // ---- unknown

    @ParameterizedTest
    @EnumSource
    void whatIsNeverAnsweredIsUnknownAtTheWorkDeadline(SettleVerb verb) {
        LeaseBench bench = LeaseBench.unfenced();
        KeptLease lease = bench.run();
        Answered<SettleAnswer> asked = Answered.of(ask(lease, verb));

        bench.passUntil(lease.deadlineNanos() - 1);
        assertThat(asked.isOpen()).isTrue();
        bench.passUntil(lease.deadlineNanos());

        assertThat(asked.value()).isEqualTo(SettleAnswer.UNKNOWN);
        assertThat(owner(lease).answeredAt).containsExactly(lease.deadlineNanos());
        assertThat(owner(lease).losses).isEmpty();
    }

    @Test
    void anAnswerThatComesAfterThatIsCountedAndChangesNothing() {
        LeaseBench bench = LeaseBench.fenced();
        KeptLease lease = bench.run();

        lease.settle(SettleVerb.NAK, 0, null);
        bench.pass(LeaseBench.T);
        bench.broker.answerSettlements();

        assertThat(lease.state()).isEqualTo(LeaseState.UNKNOWN);
        assertThat(bench.reports.late).hasValue(1);
        assertThat(owner(lease).answers).containsExactly(SettleAnswer.UNKNOWN);
    }

    @Test
    void aRefusalThatComesAfterTheEndIsCountedAndChangesNothing() {
        LeaseBench bench = LeaseBench.fenced();
        KeptLease lease = bench.run();

        lease.settle(SettleVerb.NAK, 0, null);
        bench.pass(LeaseBench.T);
        bench.broker.refuseSettlements(LeaseLoss.SUPERSEDED);

        assertThat(lease.state()).isEqualTo(LeaseState.UNKNOWN);
        assertThat(owner(lease).losses).isEmpty();
        assertThat(bench.reports.late).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource
    void aRefusalEndsTheLeaseForItsReason(SettleVerb verb) {
        LeaseBench bench = LeaseBench.fenced();
        KeptLease lease = bench.run();
        Answered<SettleAnswer> asked = Answered.of(ask(lease, verb));

        bench.broker.refuseSettlements(LeaseLoss.MESSAGE_DELETED);

        assertThat(asked.code()).isEqualTo(ErrorCode.LEASE_LOST);
        assertThat(((LeaseLostException) asked.error()).loss()).isEqualTo(LeaseLoss.MESSAGE_DELETED);
        assertThat(owner(lease).losses).containsExactly(LeaseLoss.MESSAGE_DELETED);
    }

    // ---- the dangerous verb

    @ParameterizedTest
    @EnumSource
    void anUnansweredNakEndsTheConnectionOfABrokerThatDoesNotCheckTokens(SettlementLevel level) {
        LeaseBench bench = LeaseBench.unfenced().level(level);
        bench.run().settle(SettleVerb.NAK, 0, null);
        bench.pass(LeaseBench.T);

        assertThat(bench.broker.aborts).isEqualTo(1);
        assertThat(bench.reports.aborted).hasValue(1);
    }

    @Test
    void anUnansweredNakHarmsNobodyOnABrokerThatChecksTokens() {
        LeaseBench bench = LeaseBench.fenced();
        bench.run().settle(SettleVerb.NAK, 0, null);
        bench.pass(LeaseBench.T);
        assertThat(bench.broker.aborts).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = SettleVerb.class,
            names = {"ACK", "TERMINATE"})
    void noOtherUnansweredSettlementEndsTheConnection(SettleVerb verb) {
        LeaseBench bench = LeaseBench.unfenced();
        bench.run().settle(verb, 0, null);
        bench.pass(LeaseBench.T);
        assertThat(bench.broker.aborts).isZero();
    }

    private static Answered<SettleAnswer> nakAt(LeaseBench bench, Function<KeptLease, Long> instant) {
        KeptLease lease = bench.run();
        bench.passUntil(instant.apply(lease));
        return Answered.of(lease.handle().nak());
    }

    @Test
    void aLateNakOnABrokerThatDoesNotCheckTokensIsRefusedAndTheLeaseRunsOut() {
        LeaseBench bench = LeaseBench.unfenced();
        Answered<SettleAnswer> late = nakAt(bench, KeptLease::nakDeadlineNanos);

        assertThat(late.code()).isEqualTo(ErrorCode.NAK_TOO_LATE);
        assertThat(((LeaseLostException) late.error()).loss()).isEqualTo(LeaseLoss.RUN_OUT);
        assertThat(bench.broker.written).isEmpty();
        bench.broker.touchedAt.clear();
        bench.pass(LeaseBench.T);

        assertThat(bench.broker.touchedAt).isEmpty();
    }

    @Test
    void aNakJustInTimeIsWritten() {
        LeaseBench bench = LeaseBench.unfenced();
        nakAt(bench, lease -> lease.nakDeadlineNanos() - 1);
        assertThat(bench.broker.verbs()).containsExactly(SettleVerb.NAK);
    }

    @Test
    void aNakMayBeWrittenUpToTheDeadlineWhereTokensAreChecked() {
        LeaseBench bench = LeaseBench.fenced();
        nakAt(bench, lease -> lease.deadlineNanos() - 1);
        assertThat(bench.broker.verbs()).containsExactly(SettleVerb.NAK);
    }

    @Test
    void aNakThatWaitedTooLongToBeWrittenIsTooLate() {
        LeaseBench bench = LeaseBench.unfenced();
        bench.broker.writingLater();
        KeptLease lease = bench.run();
        Answered<SettleAnswer> nak = Answered.of(lease.handle().nak());
        bench.passUntil(lease.nakDeadlineNanos());
        bench.broker.writeNow();

        assertThat(bench.broker.written).isEmpty();
        assertThat(owner(lease).losses).containsExactly(LeaseLoss.RUN_OUT);
        assertThat(nak.code()).isEqualTo(ErrorCode.NAK_TOO_LATE);
    }

    @ParameterizedTest
    @EnumSource(
            value = SettleVerb.class,
            names = {"ACK", "TERMINATE"})
    void otherSettlementsMayBeWrittenUpToTheSendDeadlineAndNotAtIt(SettleVerb verb) {
        LeaseBench bench = LeaseBench.unfenced();
        bench.broker.writingLater();
        KeptLease inTime = bench.run();
        KeptLease late = bench.run();
        inTime.settle(verb, 0, null);
        late.settle(verb, 0, null);
        bench.passUntil(inTime.sendDeadlineNanos() - 1);
        assertThat(inTime.tryWrite()).isTrue();
        bench.passUntil(late.sendDeadlineNanos());
        assertThat(late.tryWrite()).isFalse();
        assertThat(owner(late).losses).containsExactly(LeaseLoss.EXPIRED);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aNakInsideARunIsDelayedUntilTheRunHasSurelyStopped(boolean fenced) {
        LeaseBench bench = fenced ? LeaseBench.fenced() : LeaseBench.unfenced();
        KeptLease lease = bench.run();

        bench.pass(Duration.ofSeconds(1));
        Answered.of(lease.handle().nak());
        long least = lease.terms().budgetNanos() * 2 + lease.terms().crashNanos();

        assertThat(bench.broker.written.get(0).delayNanos()).isBetween(least, least + least / 400);
        assertThat(owner(lease).naksWritten).containsExactly(bench.now());
    }

    @Test
    void aLongerDelayIsKept() {
        LeaseBench bench = LeaseBench.fenced();
        Answered.of(bench.run().handle().nak(Duration.ofSeconds(9)));
        assertThat(bench.broker.written.get(0).delayNanos()).isEqualTo(9 * SECOND);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MAX_VALUE / 1_000_000_000L})
    void aDelayThatMeansForEverIsOne(long seconds) {
        LeaseBench bench = LeaseBench.fenced();
        Answered.of(bench.run().handle().nak(Duration.ofSeconds(seconds)));
        assertThat(bench.broker.written.get(0).delayNanos())
                .isEqualTo(Duration.ofDays(36_500).toNanos());
    }

    @Test
    void aNakAfterTheRunNeedsNoDelay() {
        LeaseBench bench = LeaseBench.fenced();
        KeptLease lease = bench.run();

        lease.workEnded();
        lease.settle(SettleVerb.NAK, 0, null);

        assertThat(bench.broker.written.get(0).delayNanos()).isZero();
        assertThat(bench.broker.written.get(0).release()).isFalse();
        assertThat(owner(lease).naksWritten).isEmpty();
    }

    @Test
    void aNakOfWhatWasNotStartedIsARelease() {
        LeaseBench bench = LeaseBench.fenced();
        bench.open().settle(SettleVerb.NAK, 0, null);
        KeptLease unattended = bench.open();
        unattended.unattended();
        unattended.settle(SettleVerb.NAK, 0, null);

        assertThat(bench.broker.written)
                .allSatisfy(nak -> assertThat(nak.release()).isTrue());
    }

    @Test
    void withoutNaksALeaseThatWouldBeGivenBackRunsOut() {
        LeaseBench bench = LeaseBench.fenced();
        LeasePolicy policy = new LeasePolicy(TouchMode.AUTO, Long.MAX_VALUE, SettlementLevel.CONFIRMED, false);
        KeptLease lease = bench.openWith(policy);

        assertThat(Answered.of(lease.handle().nak()).code()).isEqualTo(ErrorCode.NAK_TOO_LATE);
        assertThat(owner(lease).losses).containsExactly(LeaseLoss.RUN_OUT);
        assertThat(bench.broker.asked).isZero();
    }
}
