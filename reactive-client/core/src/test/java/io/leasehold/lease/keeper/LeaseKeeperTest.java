package io.leasehold.lease.keeper;

import static io.leasehold.lease.keeper.LeaseBench.owner;
import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseState;
import io.leasehold.lease.LeaseTerms;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.TouchItem;
import io.leasehold.lease.TouchMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Touches go out when they are due and leases end at their deadlines, with one timer for all of them. */
class LeaseKeeperTest {
    private static final long TICK = LeaseTerms.TICK_NANOS;
    private static final long DEADLINE = Duration.ofMillis(29_640).toNanos();

    private final LeaseBench bench = LeaseBench.fenced();
    private final ScriptedBroker broker = bench.broker;

    private static void assertAbout(List<Long> instants, long... expected) {
        assertThat(instants).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(instants.get(i)).as("number %d", i).isBetween(expected[i], expected[i] + TICK);
        }
    }

    @Test
    void touchesGoOutAtAThirdAHalfTwoThirdsAndFiveSixthsOfTheTimeToTheDeadline() {
        bench.run();
        bench.pass(LeaseBench.T);
        assertAbout(broker.touchedAt, DEADLINE / 3, DEADLINE / 2, DEADLINE / 3 * 2, DEADLINE / 6 * 5);
    }

    @Test
    void aLeaseWhoseTouchesStayUnansweredEndsAtItsDeadline() {
        KeptLease lease = bench.run();
        bench.passUntil(DEADLINE - 1);
        assertThat(lease.state()).isEqualTo(LeaseState.HELD);
        bench.passUntil(DEADLINE);

        assertThat(owner(lease).losses).containsExactly(LeaseLoss.EXPIRED);
        assertThat(owner(lease).lostAt).containsExactly(DEADLINE);
    }

    @Test
    void touchesCountFromTheInstantAtWhichTheLastConfirmedOneWasSent() {
        KeptLease lease = bench.run();
        bench.passUntil(DEADLINE / 3 + TICK);
        long sent = broker.touchedAt.get(0);
        bench.pass(Duration.ofSeconds(2));
        broker.confirmTouches(0);
        assertThat(lease.deadlineNanos()).isEqualTo(lease.terms().workDeadline(sent));
        broker.touchedAt.clear();
        bench.passUntil(lease.deadlineNanos());
        long span = lease.deadlineNanos() - sent;

        assertAbout(broker.touchedAt, sent + span / 3, sent + span / 2, sent + span / 3 * 2, sent + span / 6 * 5);
    }

    @Test
    void aTouchThatIsNotConfirmedMovesNothing() {
        KeptLease lease = bench.run();
        bench.passUntil(DEADLINE / 2 + TICK);
        broker.unansweredTouches.remove(1);
        broker.confirmTouches(0);
        long first = broker.touchedAt.get(0);

        assertThat(lease.deadlineNanos()).isEqualTo(lease.terms().workDeadline(first));
    }

    @Test
    void answersThatComeInAnotherOrderNeverShortenTheLease() {
        KeptLease lease = bench.run();
        bench.passUntil(DEADLINE / 2 + TICK);
        TouchItem first = broker.unansweredTouches.get(0);
        TouchItem second = broker.unansweredTouches.get(1);
        second.confirmed(0);
        long later = lease.deadlineNanos();
        first.confirmed(0);

        assertThat(lease.deadlineNanos()).isEqualTo(later);
        assertThat(later).isEqualTo(lease.terms().workDeadline(broker.touchedAt.get(1)));
    }

    @Test
    void anAnswerAfterTheDeadlineDoesNotExtend() {
        KeptLease lease = bench.run();
        bench.passUntil(DEADLINE + TICK);
        broker.confirmTouches(0);

        assertThat(lease.deadlineNanos()).isEqualTo(DEADLINE);
        assertThat(lease.state()).isEqualTo(LeaseState.LOST);
        assertThat(bench.reports.touchAnswers).containsOnly(false);
    }

    @Test
    void aConfirmedTouchMayBringAnotherLeaseTime() {
        KeptLease lease = bench.run();
        bench.passUntil(DEADLINE / 3 + TICK);
        broker.confirmTouches(Duration.ofSeconds(60).toNanos());
        LeaseTerms longer =
                LeaseTerms.of(LeaseTime.renewable(Duration.ofSeconds(60)), true, Duration.ZERO, Duration.ZERO);

        assertThat(lease.terms()).isEqualTo(longer);
        assertThat(lease.deadlineNanos()).isEqualTo(longer.workDeadline(broker.touchedAt.get(0)));
    }

    @Test
    void workThatEndsBeforeTheFirstThirdCostsNoTouch() {
        KeptLease lease = bench.run();
        bench.passUntil(DEADLINE / 3 - TICK);
        lease.workEnded();
        lease.settle(SettleVerb.ACK, 0, null);
        bench.pass(LeaseBench.T);

        assertThat(broker.flushes).isEmpty();
    }

    @Test
    void aLeaseThatIsTouchedAndConfirmedIsHeldForAsLongAsItsWorkGoesOn() {
        broker.confirmingTouches();
        KeptLease lease = bench.run();
        bench.pass(Duration.ofHours(3));
        assertThat(lease.state()).isEqualTo(LeaseState.HELD);
        long thirds = Duration.ofHours(3).toNanos() / (DEADLINE / 3);

        assertThat(broker.touchedAt).hasSizeBetween((int) thirds - 2, (int) thirds);
    }

    @Test
    void touchesThatAreDueTogetherLeaveInOneFlushPerBroker() {
        ScriptedBroker other = new ScriptedBroker(bench::now);
        for (int i = 0; i < 5; i++) {
            bench.run();
            openAt(other).workStarted();
        }
        bench.passUntil(DEADLINE / 3 + TICK);

        assertThat(broker.flushes).extracting(List::size).containsExactly(5);
        assertThat(other.flushes).extracting(List::size).containsExactly(5);
    }

    private KeptLease openAt(ScriptedBroker other) {
        LeaseTerms terms = LeaseTerms.of(LeaseTime.renewable(LeaseBench.T), true, Duration.ZERO, Duration.ZERO);
        TestGrant grant = new TestGrant(other, LeaseTime.renewable(LeaseBench.T), bench.now());
        LeasePolicy policy = LeasePolicy.standard(Duration.ofHours(1));
        return bench.keeper.open(grant, terms, policy, new NotedOwner(bench::now));
    }

    @Test
    void aTouchThatIsRefusedEndsTheLeaseForItsReason() {
        KeptLease lease = bench.run();
        bench.passUntil(DEADLINE / 3 + TICK);
        broker.refuseTouches(LeaseLoss.SUPERSEDED);
        assertThat(owner(lease).losses).containsExactly(LeaseLoss.SUPERSEDED);
        bench.pass(LeaseBench.T);

        assertThat(broker.flushes).hasSize(1);
    }

    @Test
    void noTouchIsSentInModeNever() {
        bench.touching(TouchMode.NEVER);
        KeptLease lease = bench.run();
        bench.pass(LeaseBench.T);

        assertThat(broker.flushes).isEmpty();
        assertThat(owner(lease).lostAt).containsExactly(DEADLINE);
    }

    @Test
    void inModeProgressOnlyWorkThatProgressesIsTouched() {
        bench.touching(TouchMode.PROGRESS);
        KeptLease lease = bench.run();
        lease.progress();
        bench.passUntil(DEADLINE / 2 + TICK);
        assertAbout(broker.touchedAt, DEADLINE / 3);
        lease.progress();
        bench.passUntil(DEADLINE);

        assertAbout(broker.touchedAt, DEADLINE / 3, DEADLINE / 3 * 2);
    }

    @Test
    void inModeProgressWhatWaitsForItsWorkIsTouchedNevertheless() {
        bench.touching(TouchMode.PROGRESS);
        bench.open();
        bench.passUntil(DEADLINE / 3 + TICK);
        assertThat(broker.touchedAt).hasSize(1);
    }

    @Test
    void whatWasHandedOutWithoutWorkIsNotTouchedUntilItIsKept() {
        KeptLease lease = bench.open();
        lease.unattended();
        bench.passUntil(DEADLINE / 3 * 2 - TICK);
        assertThat(broker.touchedAt).isEmpty();
        lease.keptWithoutWork();
        bench.passUntil(DEADLINE - TICK);

        assertThat(broker.touchedAt).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource(SettleVerb.class)
    void nothingIsTouchedOnceASettlementIsWritten(SettleVerb verb) {
        KeptLease lease = bench.run();
        lease.workEnded();
        lease.settle(verb, 0, null);
        bench.pass(LeaseBench.T);

        assertThat(lease.state()).isEqualTo(LeaseState.UNKNOWN);
        assertThat(broker.touchedAt).isEmpty();
    }

    @Test
    void touchesGoOnUntilASettlementIsWrittenAndDoNotMoveItsDeadline() {
        broker.writingLater();
        KeptLease lease = bench.run();
        lease.settle(SettleVerb.ACK, 0, null);
        bench.passUntil(DEADLINE / 3 + TICK);
        broker.confirmTouches(0);

        assertThat(lease.state()).isEqualTo(LeaseState.SETTLING);
        assertThat(broker.touchedAt).isNotEmpty();
        assertThat(lease.deadlineNanos()).isEqualTo(DEADLINE);
    }

    @Test
    void workThatGoesOnForEverEndsAtMaxHold() {
        bench.maxHold(Duration.ofMinutes(2)).broker.confirmingTouches();
        bench.pass(Duration.ofSeconds(3));
        KeptLease lease = bench.open();
        bench.pass(Duration.ofSeconds(50));
        lease.workStarted();
        bench.pass(Duration.ofMinutes(5));

        assertThat(owner(lease).losses).containsExactly(LeaseLoss.MAX_HOLD);
        assertAbout(owner(lease).lostAt, Duration.ofSeconds(173).toNanos());
    }

    @Test
    void maxHoldCountsFromTheFirstStartOverAllTries() {
        bench.maxHold(Duration.ofMinutes(2)).broker.confirmingTouches();
        KeptLease lease = bench.run();
        bench.pass(Duration.ofSeconds(100));
        lease.workStarted();
        bench.pass(Duration.ofSeconds(100));

        assertAbout(owner(lease).lostAt, Duration.ofMinutes(2).toNanos());
    }

    @Test
    void workThatGoesOnAfterSettlingIsToldAtMaxHold() {
        bench.maxHold(Duration.ofMinutes(2)).broker.confirming();
        KeptLease lease = bench.run();
        lease.settle(SettleVerb.ACK, 0, null);
        bench.pass(Duration.ofMinutes(5));

        assertThat(owner(lease).losses).isEmpty();
        assertAbout(owner(lease).holdsExceeded, Duration.ofMinutes(2).toNanos());
    }

    @Test
    void anAlarmComesOnceAtItsInstant() {
        broker.confirmingTouches();
        KeptLease lease = bench.run();
        lease.alarmAt(Duration.ofSeconds(40).toNanos());
        bench.pass(Duration.ofMinutes(3));

        assertAbout(owner(lease).alarms, Duration.ofSeconds(40).toNanos());
    }

    @Test
    void anAlarmThatIsTakenBackDoesNotCome() {
        KeptLease lease = bench.run();
        lease.alarmAt(Duration.ofSeconds(10).toNanos());
        bench.pass(Duration.ofSeconds(5));
        lease.alarmAt(Long.MAX_VALUE);
        bench.pass(Duration.ofSeconds(30));

        assertThat(owner(lease).alarms).isEmpty();
    }

    @Test
    void aFaultOfOneOwnerHoldsBackNobodyElse() {
        KeptLease faulty = bench.run();
        KeptLease other = bench.run();

        owner(faulty).failsAtAlarm = true;
        faulty.alarmAt(Duration.ofSeconds(5).toNanos());
        other.alarmAt(Duration.ofSeconds(5).toNanos());
        bench.pass(LeaseBench.T);

        assertThat(bench.reports.faults).hasSize(1);
        assertThat(owner(other).alarms).hasSize(1);
        assertThat(owner(faulty).lostAt).containsExactly(DEADLINE);
        assertThat(owner(other).lostAt).containsExactly(DEADLINE);
    }

    @Test
    void anEarlierDeadlineWakesAKeeperThatSleepsForALaterOne() {
        bench.touching(TouchMode.NEVER);
        bench.run().alarmAt(Duration.ofSeconds(25).toNanos());
        bench.pass(Duration.ofSeconds(1));
        KeptLease next = bench.run();
        next.alarmAt(Duration.ofSeconds(2).toNanos());
        bench.pass(Duration.ofSeconds(2));

        assertAbout(owner(next).alarms, Duration.ofSeconds(2).toNanos());
    }

    @Test
    void aKeeperThatHoldsNothingSleeps() {
        bench.run().retire();
        bench.pass(Duration.ofSeconds(1));
        long before = bench.time.getScheduledTaskCount();
        bench.pass(Duration.ofDays(1));

        assertThat(bench.time.getScheduledTaskCount()).isEqualTo(before);
    }

    @Test
    void aKeeperThatHoldsLeasesWakesOnlyForWhatIsDueAndToCompareTheClocks() {
        LeaseBench still = LeaseBench.of(LeaseTime.fixed(Duration.ofDays(1)));
        for (int i = 0; i < 1000; i++) {
            still.open();
        }
        still.pass(Duration.ofSeconds(1));
        long before = still.time.getScheduledTaskCount();
        still.pass(Duration.ofSeconds(100));
        long wakes = still.time.getScheduledTaskCount() - before;

        assertThat(wakes).isLessThanOrEqualTo(Duration.ofSeconds(100).toNanos() / Watchdog.INTERVAL_NANOS);
    }

    @Test
    void aLeaseWithoutEndIsNeitherTouchedNorLost() {
        LeaseBench endless = LeaseBench.of(LeaseTime.INFINITE);
        KeptLease lease = endless.run();
        endless.pass(Duration.ofHours(10));

        assertThat(lease.state()).isEqualTo(LeaseState.HELD);
        assertThat(lease.mayStart()).isTrue();
        assertThat(endless.broker.flushes).isEmpty();
        assertThat(lease.settle(SettleVerb.ACK, 0, null)).isTrue();
    }

    @Test
    void aRetiredLeaseIsForgotten() {
        KeptLease lease = bench.run();
        lease.alarmAt(Duration.ofSeconds(20).toNanos());
        lease.retire();
        bench.pass(Duration.ofMinutes(1));

        assertThat(owner(lease).alarms).isEmpty();
        assertThat(owner(lease).losses).isEmpty();
        assertThat(broker.flushes).isEmpty();
        assertThat(lease.grant().token()).isEqualTo(TestGrant.TOKEN);
        assertThat(lease.grant().deliveryCount()).isEqualTo(3);
    }

    @Test
    void aMillionLeasesLeaveNothingBehind() {
        for (int burst = 0; burst < 1000; burst++) {
            List<KeptLease> held = new ArrayList<>(1000);
            for (int i = 0; i < 1000; i++) {
                held.add(bench.run());
            }
            bench.pass(Duration.ofMillis(20));
            held.forEach(lease -> lease.settle(SettleVerb.ACK, 0, null));
            broker.answerSettlements();
            broker.written.clear();
            held.forEach(KeptLease::retire);
        }
        bench.pass(Duration.ofSeconds(1));
        long before = bench.time.getScheduledTaskCount();
        bench.pass(Duration.ofHours(1));

        assertThat(bench.time.getScheduledTaskCount())
                .as("wakes of a keeper that holds nothing")
                .isEqualTo(before);
        assertThat(broker.flushes).isEmpty();
        assertThat(bench.reports.faults).isEmpty();
    }

    @Test
    void aKeeperThatIsStoppedEndsWhatIsOpen() {
        KeptLease held = bench.run();
        KeptLease written = bench.run();

        written.settle(SettleVerb.ACK, 0, null);
        KeptLease settled = bench.run();
        settled.settle(SettleVerb.ACK, 0, null);
        broker.unanswered.get(1).done();
        bench.pass(Duration.ofSeconds(1));
        bench.keeper.stop();
        bench.pass(Duration.ofMillis(1));

        assertThat(owner(held).losses).containsExactly(LeaseLoss.CLOSED);
        assertThat(owner(written).answers).containsExactly(SettleAnswer.UNKNOWN);
        assertThat(owner(settled).answers).containsExactly(SettleAnswer.DONE);
    }

    @Test
    void aLeaseThatIsOpenedAfterTheStopEndsAtOnce() {
        bench.keeper.stop();
        bench.pass(Duration.ofSeconds(1));
        KeptLease late = bench.open();
        assertThat(owner(late).losses).containsExactly(LeaseLoss.CLOSED);
    }
}
