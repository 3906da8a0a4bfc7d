package io.leasehold.nats.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.nats.chaos.Fact.What;
import io.leasehold.nats.chaos.Verdict.Kind;
import io.leasehold.nats.chaos.Verdict.Violation;
import io.leasehold.nats.server.RawMessage;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What counts as a broken promise, of facts that are told by hand. */
class ChaosOracleTest {
    private static final String GROUP = "loose";

    private final Chronicle chronicle = new Chronicle();

    private void saw(long millis, String who, What what, long delivery, long anchorMillis, String note) {
        chronicle.saw(new Fact(millis * 1_000_000, who, what, GROUP, "m", delivery, anchorMillis * 1_000_000, note));
    }

    private void served(long millis, String server, long delivery, int count) {
        saw(millis, server, What.SERVED, delivery, 0, "count " + count);
    }

    private void handed(long millis, long delivery, long anchorMillis, int count) {
        saw(millis, "near0", What.HANDED, delivery, anchorMillis, "count " + count);
    }

    private void killed(long millis) {
        chronicle.saw(new Fact(millis * 1_000_000, "faults", What.REMARK, "", "", 0, 0, "begin server killed"));
    }

    private Verdict judged(boolean isolated) {
        return new ChaosOracle(chronicle, StoredMessages.NOTHING, new Excuses(chronicle, isolated)).judgeRuns();
    }

    private void confirmed(long millis) {
        chronicle.saw(new Fact(millis * 1_000_000, "near0", What.CONFIRMED, "", "m", 0, 0, "7"));
    }

    private void isolated(long fromMillis, long toMillis) {
        remarked(fromMillis, "begin leader isolated");
        remarked(toMillis, "end leader isolated");
    }

    private void remarked(long millis, String note) {
        chronicle.saw(new Fact(millis * 1_000_000, "faults", What.REMARK, "", "", 0, 0, note));
    }

    private List<Violation> losses(boolean isolated, String... ids) {
        StoredMessages stored = new StoredMessages(List.of(ids), Map.of(GROUP, 0L, "keyed", 0L));
        Verdict verdict = new ChaosOracle(chronicle, stored, new Excuses(chronicle, isolated)).judge();
        return Stream.concat(verdict.violations().stream(), verdict.apart().stream())
                .filter(one -> one.kind() == Kind.LOST && one.what().startsWith(GROUP))
                .toList();
    }

    private void assertLost(boolean isolated, String... ids) {
        assertThat(losses(isolated, ids))
                .singleElement()
                .satisfies(one -> assertThat(one.excuse()).isEmpty());
    }

    private List<Kind> found() {
        return judged(false).violations().stream().map(Violation::kind).toList();
    }

    private void assertExcused() {
        assertThat(found()).isEmpty();
        assertThat(judged(false).apart()).extracting(Violation::kind).containsExactly(Kind.DUPLICATED);
    }

    @Test
    void aLeaseIsCountedFromBeforeItWasGranted() {
        served(1_000, "n0", 1, 1);
        served(1_002, "n1", 1, 1);
        handed(1_003, 1, 999, 1);
        assertThat(found()).isEmpty();
    }

    @Test
    void aLeaseThatIsCountedFromItsArrivalIsFoundAlsoWhereAServerHeardOfItLater() {
        served(1_000, "n0", 1, 1);
        handed(1_001, 1, 1_001, 1);
        served(1_002, "n1", 1, 1);
        assertThat(found()).containsExactly(Kind.ANCHORED_LATE);
    }

    @Test
    void whereTwoLeadersServeOnePullALateAnchorIsToldApart() {
        served(1_000, "n0", 1, 1);
        handed(1_001, 1, 1_001, 1);

        assertThat(judged(true).violations()).isEmpty();
        assertThat(judged(true).apart()).extracting(Violation::kind).containsExactly(Kind.ANCHORED_LATE);
        assertThat(judged(false).violations()).extracting(Violation::kind).containsExactly(Kind.ANCHORED_LATE);
    }

    @Test
    void aNumberThatAServerGivesAgainIsAnotherDelivery() {
        served(1_000, "n0", 1, 1);
        served(1_000, "killed", 1, 1);
        served(9_000, "n0", 1, 1);
        handed(9_001, 1, 8_999, 1);

        assertThat(found()).isEmpty();
    }

    private void runs(long fromMillis, long toMillis, String who, long delivery) {
        saw(fromMillis, who, What.STARTED, delivery, 0, "");
        saw(toMillis, who, What.COMPLETED, delivery, 0, "");
    }

    @Test
    void runsThatOverlapAreFoundWhicheverBeginsFirst() {
        served(1_000, "n0", 1, 1);
        served(9_500, "n0", 2, 2);
        runs(9_500, 9_700, "far", 2);
        runs(9_600, 9_650, "near0", 1);

        assertThat(found()).containsExactly(Kind.DUPLICATED);
    }

    // The client that had it was away, and began when it was back and the server took its touch.
    @Test
    void aServerThatCountsAnUntouchedLeaseFromWhenItsMessageWasStoredExcusesTheOverlap() {
        served(1_000, "n0", 1, 1);
        served(5_000, "n0", 2, 2);
        runs(5_000, 5_200, "far", 2);
        runs(5_100, 5_150, "near0", 1);

        assertExcused();
    }

    @Test
    void aServerThatForgotADeliveryAndGivesItsNumberAgainExcusesTheOverlap() {
        served(1_000, "n0", 1, 1);
        served(6_000, "n0", 1, 1);
        runs(6_000, 6_200, "far", 1);
        runs(6_100, 6_150, "near0", 1);

        assertExcused();
    }

    @ParameterizedTest
    @CsvSource({"1050, true", "2000, false"})
    void aTouchThatAServerAnsweredJustBeforeItWasKilledIsForgottenToo(long killedAtMillis, boolean excused) {
        served(1_000, "n0", 1, 1);
        saw(1_010, "near0", What.TOUCHED, 1, 0, "");
        killed(killedAtMillis);
        served(5_000, "n0", 2, 2);
        runs(5_000, 5_200, "far", 2);
        runs(5_100, 5_150, "near0", 1);

        assertThat(found().isEmpty()).isEqualTo(excused);
    }

    /** The server ended in that moment: only its holder heard of the first one. */
    @ParameterizedTest
    @CsvSource({"1, true", "2, false"})
    void aDeliveryOfWhichOnlyItsHolderHeardIsForgottenWhenTheNextIsCountedAlike(int count, boolean excused) {
        handed(1_001, 1, 999, 1);
        served(2_000, "n0", 2, count);
        saw(3_000, "near0", What.WRITTEN, 1, 0, "ACK");

        assertThat(found().isEmpty()).isEqualTo(excused);
    }

    /** One that is told to stop goes on answering for a moment. */
    @ParameterizedTest
    @CsvSource({
        "950, begin leader restarted, true",
        "950, a server is told to stop, true",
        "950, begin server restarted under redeliveries, false",
        "1020, begin leader restarted, false",
        "500, begin leader restarted, false"
    })
    void aTouchThatAServerAnsweredWhileItStoppedIsForgottenToo(long millis, String note, boolean excused) {
        served(900, "n0", 1, 1);
        saw(1_010, "near0", What.TOUCHED, 1, 0, "");
        remarked(millis, note);
        served(4_900, "n0", 2, 2);
        runs(4_900, 5_100, "far", 2);
        runs(5_000, 5_050, "near0", 1);

        assertThat(found().isEmpty()).isEqualTo(excused);
    }

    /** It is touched first when the server is back, which counts from when the message was stored. */
    @ParameterizedTest
    @CsvSource({"1075, true", "1700, false", "3000, false"})
    void aTouchAfterTheReturnOfAServerDoesNotKeepWhatItWasKilledOver(long killedAtMillis, boolean excused) {
        served(1_000, "n0", 1, 1);
        killed(killedAtMillis);
        saw(2_000, "near0", What.TOUCHED, 1, 0, "");
        served(5_000, "n0", 2, 2);
        runs(5_000, 5_200, "far", 2);
        runs(5_100, 5_150, "near0", 1);

        assertThat(found().isEmpty()).isEqualTo(excused);
    }

    /** Of two touches the last one was answered just before the end of the server, which counts from the first. */
    @ParameterizedTest
    @CsvSource({"4050, true", "6000, false"})
    void aTouchIsForgottenAlsoWhereAnEarlierOneIsRemembered(long killedAtMillis, boolean excused) {
        served(1_000, "n0", 1, 1);
        saw(2_000, "near0", What.TOUCHED, 1, 0, "");
        saw(4_000, "near0", What.TOUCHED, 1, 0, "");
        killed(killedAtMillis);
        served(9_900, "n0", 2, 2);
        saw(9_950, "near0", What.WRITTEN, 1, 0, "ACK");

        assertThat(found().isEmpty()).isEqualTo(excused);
    }

    /** Frozen from 2 s on, until 10 s. */
    @ParameterizedTest
    @CsvSource({"1995, 10003, true", "1980, 10003, false", "1995, 10030, false", "10001, 10003, false"})
    void anAckIsLateOnlyWhereTheProcessStoodStillWithinItsGate(long endedMillis, long writtenMillis, boolean excused) {
        served(1_000, "n0", 1, 1);
        runs(1_001, endedMillis, "far", 1);
        served(9_000, "n0", 2, 2);
        saw(10_000, "far", What.STALLED, 0, 2_000, "for 8000 ms");
        saw(writtenMillis, "far", What.WRITTEN, 1, 0, "ACK");

        assertThat(found().isEmpty()).isEqualTo(excused);
    }

    @Test
    void aDeliveryThatTwoServersHeardOfExcusesNothing() {
        served(1_000, "n0", 1, 1);
        served(1_001, "n1", 1, 1);
        runs(6_000, 6_200, "far", 1);
        runs(6_100, 6_150, "near0", 1);

        assertThat(found()).containsExactly(Kind.DUPLICATED);
    }

    @Test
    void aLeaseThatEndsForALaterDeliveryIsAsItShouldBe() {
        handed(1_000, 1, 999, 2);
        served(9_000, "n0", 2, 3);
        saw(9_001, "near0", What.LOST, 1, 0, "SUPERSEDED");
        assertThat(found()).isEmpty();
    }

    @Test
    void aLeaseThatEndsBeforeThereIsALaterDeliveryIsFound() {
        handed(1_000, 1, 999, 2);
        saw(2_000, "near0", What.LOST, 1, 0, "SUPERSEDED");
        served(9_000, "n0", 2, 3);

        assertThat(found()).containsExactly(Kind.ENDED_FOR_NOTHING);
        assertThat(judged(true).apart()).extracting(Violation::kind).containsExactly(Kind.ENDED_FOR_NOTHING);
    }

    @Test
    void aDeliveryThatNobodyHeardOfShowsInTheCount() {
        handed(1_000, 1, 999, 1);
        saw(2_000, "near0", What.LOST, 1, 0, "SUPERSEDED");
        served(9_000, "n0", 3, 3);
        assertThat(found()).isEmpty();
    }

    @Test
    void whatNobodySettledIsLostAlsoWhenTheServersHaveNothingLeft() {
        confirmed(900);
        handed(1_000, 1, 999, 1);
        assertLost(false, "m");
    }

    @Test
    void whatServersForgotWhileALeaderWasCutOffIsToldApart() {
        confirmed(900);
        handed(1_000, 1, 999, 1);
        saw(1_010, "near0", What.WRITTEN, 1, 0, "NAK after 1200");
        isolated(2_000, 5_000);
        assertThat(losses(true, "m"))
                .singleElement()
                .satisfies(one -> assertThat(one.excuse()).contains("cut off"));
        // Handed out it was stored.
        assertThat(losses(true))
                .singleElement()
                .satisfies(one -> assertThat(one.excuse()).contains("cut off"));
    }

    @Test
    void whatWasConfirmedWhenAllWereTogetherAgainIsLost() {
        isolated(100, 800);
        confirmed(900);
        handed(1_000, 1, 999, 1);
        assertLost(true, "m");
    }

    @Test
    void whereNoLeaderWasCutOffNothingIsExcusedByThat() {
        confirmed(900);
        handed(1_000, 1, 999, 1);
        assertLost(true, "m");
    }

    /** It may be the client that says so. */
    @Test
    void whatWasConfirmedAndNobodyEverHadIsLost() {
        confirmed(900);
        isolated(2_000, 5_000);
        assertLost(true);
    }

    @ParameterizedTest
    @CsvSource({"WRITTEN, TERMINATE", "WRITTEN, ACK", "REACHED, +TERM count 1", "REACHED, +ACK count 1"})
    void whatWeSettledForGoodIsLostByUs(What how, String verb) {
        confirmed(900);
        handed(1_000, 1, 999, 1);
        saw(1_010, "near0", how, 1, 0, verb);
        isolated(2_000, 5_000);

        assertLost(true, "m");
    }

    @ParameterizedTest
    @CsvSource({"90, 0, 0, 10", "100, 0, 0, 0", "100, 0, 2, 2", "95, 5, 1, 6"})
    void aServerThatIsBehindHasSomethingLeft(long delivered, long pending, long ackPending, long left) {
        RawMessage consumer = told(
                "{\"delivered\":{\"consumer_seq\":120,\"stream_seq\":%d},\"ack_floor\":{\"stream_seq\":80},"
                        + "\"num_ack_pending\":%d,\"num_pending\":%d}",
                delivered, ackPending, pending);
        RawMessage stream = told("{\"state\":{\"messages\":100,\"first_seq\":1,\"last_seq\":100}}");

        assertThat(StoredMessages.left(consumer, stream)).isEqualTo(left);
    }

    private static RawMessage told(String json, Object... numbers) {
        return new RawMessage("", 0, "", "", json.formatted(numbers), 0);
    }

    @Test
    void whatIsAckedWithoutWorkIsLost() {
        confirmed(900);
        handed(1_000, 1, 999, 1);
        saw(1_010, "near0", What.WRITTEN, 1, 0, "ACK");
        saw(1_020, "near0", What.OUTCOME, 0, 0, "ACKED");

        assertLost(false, "m");
    }

    @Test
    void whatIsDoneIsNotLostAlsoWhereTheAnswerToItsAckIs() {
        confirmed(900);
        handed(1_000, 1, 999, 1);
        runs(1_001, 1_010, "near0", 1);
        assertThat(losses(false, "m")).isEmpty();
    }

    @Test
    void aGroupThatIsTakenForDeletedIsFound() {
        chronicle.remark("near0", "GROUP_DELETED loose GROUP_GONE {}");
        assertThat(found()).containsExactly(Kind.TAKEN_FOR_DELETED);
    }
}
