package io.leasehold.broker.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.Handout;
import io.leasehold.error.ErrorCode;
import io.leasehold.lease.LeaseLoss;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The end of sessions and groups, and restarts. */
interface LifecycleContract extends ContractPart {
    @Test
    default void aClosedSessionAnswersEverythingAndHearsNothing() {
        TestConsumer consumer = bench().holding("a").credit(5);
        bench().publishAll("a", "2");
        bench().until("both have come", () -> consumer.count() == 2);
        bench().close();
        bench().close();
        TestPublish publish = bench().publish("a", "3");
        bench().until("it is refused", () -> publish.failure() == ErrorCode.CLOSED);
        TestSettle ack = consumer.ack(consumer.handout(0));
        TestTouch touch = consumer.touch(consumer.handout(0));
        bench().until("both are answered", () -> ack.isOver() && touch.isOver());
        assertThat(ack.isDone()).isFalse();
        bench().elapse(test().leaseTime().multipliedBy(2));

        assertThat(consumer.count()).isEqualTo(2);
    }

    @Test
    default void aClosedSessionDeliversToNobody() {
        bench().close();
        TestConsumer consumer = bench().consume("a").credit(1);
        bench().until("it is told", () -> consumer.gone().equals(List.of(ErrorCode.CLOSED)));
    }

    @Test
    default void aSessionThatClosesTellsThoseWhoHaveNotStopped() {
        TestConsumer open = bench().consume("a").credit(1);
        TestConsumer stopped = bench().consume("b").credit(1);

        stopped.port().stop();
        bench().settleDown();
        bench().close();
        bench().until("it is told", () -> open.gone().equals(List.of(ErrorCode.CLOSED)));

        assertThat(stopped.gone()).isEmpty();
    }

    @Test
    @When(Trait.LEASES_OF_THE_GROUP)
    default void leasesOutliveTheirSessionUntilTheyRunOut() {
        BrokerSession other = bench().open("other");
        TestConsumer gone = bench().consume(other, bench().spec("a")).credit(1);
        TestConsumer stays = bench().consume("a");

        bench().publishAll("a", "1");
        long published = bench().publishedNanos();
        bench().until("it is delivered", () -> gone.count() == 1);
        stays.credit(1);
        boolean[] closed = new boolean[1];
        other.close().subscribe(any -> {}, error -> {}, () -> closed[0] = true);
        bench().until("the session is closed", () -> closed[0]);
        bench().elapse(test().leaseTime().plus(test().tolerance()));
        bench().until("it comes again", () -> stays.count() == 1);

        assertNotBefore(stays, 0, published, test().leaseTime());
        assertCount(stays.last(), 2);
    }

    @Test
    default void aShareThatIsRevokedEndsItsLeasesAndGoesToOthers() {
        TestConsumer holder = bench().holding("a");
        BrokerSession next = bench().open("next");
        TestConsumer other = bench().consume(next, bench().spec("a")).credit(5);

        boolean revokes = test().revoke(bench().broker(), bench().group("a"), BrokerBench.CLIENT);

        if (revokes) {
            bench().until("it is told", () -> holder.ends().size() == 1);
            assertThat(holder.ends().get(0).loss()).isEqualTo(LeaseLoss.REVOKED);
            bench().until("another one gets it", () -> other.count() == 1);
            assertThat(other.last().ref()).isEqualTo(holder.last().ref());
        }
        next.close().subscribe();
        bench().settleDown();
    }

    @Test
    default void aClosedSessionLeavesItsShareToTheOthers() {
        BrokerSession other = bench().open("other");
        TestConsumer gone = bench().consume(other, bench().spec("a")).credit(100);
        TestConsumer stays = bench().consume("a").credit(10);
        boolean[] closed = new boolean[1];

        other.close().subscribe(any -> {}, error -> {}, () -> closed[0] = true);
        bench().until("the session is closed", () -> closed[0]);
        bench().publishAll("a", "1", "2", "3");
        bench().until("all is delivered", () -> stays.count() == 3);

        assertThat(gone.count()).isZero();
    }

    @Test
    default void aDeletedGroupEndsItsMembersAndItsLeases() {
        TestConsumer consumer = bench().holding("a");
        test().deleteGroup(bench().broker(), bench().group("a"));
        bench().until("it is told", () -> consumer.gone().equals(List.of(ErrorCode.GROUP_GONE)));
        TestSettle ack = consumer.ack(consumer.last());
        TestTouch touch = consumer.touch(consumer.last());
        bench().until(
                        "both are refused",
                        () -> ack.refusal() == LeaseLoss.GROUP_GONE && touch.refusal() == LeaseLoss.GROUP_GONE);
        bench().elapse(test().leaseTime().multipliedBy(2));

        assertThat(consumer.count()).isEqualTo(1);
    }

    @Test
    @When(Trait.TOKENS_END_WITH_GROUPS)
    default void aGroupThatIsMadeAnewBeginsAnew() {
        TestConsumer before = bench().holding("a");
        test().deleteGroup(bench().broker(), bench().group("a"));
        bench().until("it is told", () -> before.gone().size() == 1);

        TestConsumer after = bench().holding("a");

        assertThat(after.last().deliveryCount()).isEqualTo(1);
        TestSettle old = before.ack(before.last());
        bench().until("the old lease stays gone", () -> old.refusal() == LeaseLoss.GROUP_GONE);
        TestSettle ack = after.ack(after.last());
        bench().until("the new one is held", ack::isDone);
    }

    @Test
    @When(Trait.TOKENS_OUTLIVE_GROUPS)
    default void aGroupThatIsMadeAnewBeginsAnewWithLargerTokens() {
        TestConsumer before = bench().holding("a");
        test().deleteGroup(bench().broker(), bench().group("a"));
        bench().until("it is told", () -> before.gone().size() == 1);
        TestConsumer after = bench().holding("a");
        assertThat(Objects.requireNonNull(after.last().token())
                        .isNewerThan(Objects.requireNonNull(before.last().token())))
                .isTrue();
        assertThat(after.last().deliveryCount()).isEqualTo(1);
        TestSettle old = before.ack(before.last());
        bench().until("the old lease stays gone", () -> old.refusal() == LeaseLoss.GROUP_GONE);
        TestSettle ack = after.ack(after.last());
        bench().until("the new one is held", ack::isDone);
    }

    @Test
    @When(Trait.LEASES_OF_THE_GROUP)
    default void aRestartTroublesAndEndsNothing() {
        TestConsumer consumer = bench().holding("a").credit(9);
        long published = bench().publishedNanos();
        bench().publishAll("a", "2");
        test().restart(bench().broker());
        bench().until("it is told", () -> !consumer.troubles().isEmpty());
        assertThat(consumer.gone()).isEmpty();
        bench().publishAll("a", "3");
        bench().until("deliveries go on", () -> consumer.texts().contains("3"));
        List<Handout> held = List.copyOf(consumer.handouts());
        long came = bench().passedNanos();
        held.forEach(handout -> {
            TestSettle ack = consumer.ack(handout);
            bench().until("settling goes on", ack::isDone);
        });
        bench().elapse(test().leaseTime().multipliedBy(2));

        assertThat(consumer.count()).isEqualTo(held.size());
        assertThat(new HashSet<>(consumer.texts())).containsExactlyInAnyOrder("held", "2", "3");
        // A restart may take so long that leases are over.
        Duration lease = test().leaseTime().minus(bench().capabilities().crashAllowance());
        assertThat(came - published >= lease.toNanos() || held.size() == 3)
                .as("none came twice in its lease")
                .isTrue();
    }

    @Test
    @When(Trait.LEASES_OF_THE_GROUP)
    default void aBrokerThatIsKilledKeepsWhatItConfirmedAndWhatItLent() {
        keepsAllOver(BrokerUnderTest.Restart.KILLED);
    }

    @Test
    @When(Trait.LEASES_OF_THE_GROUP)
    default void anotherLeaderKeepsWhatWasConfirmedAndLentAndTellsTheHolders() {
        keepsAllOver(BrokerUnderTest.Restart.OTHER_LEADER);
    }

    private void keepsAllOver(BrokerUnderTest.Restart how) {
        TestConsumer consumer = bench().holding("a");
        bench().publishAll("a", "2");

        boolean restarted = test().restart(bench().broker(), how);

        if (restarted) {
            boolean moves = how == BrokerUnderTest.Restart.OTHER_LEADER;
            bench().until(
                            "it is told",
                            () -> moves
                                    ? consumer.moves() > 0
                                    : !consumer.troubles().isEmpty());
            consumer.credit(1);
            bench().until("deliveries go on", () -> consumer.count() == 2);
            consumer.handouts().forEach(handout -> {
                TestSettle ack = consumer.ack(handout);
                bench().until("settling goes on", ack::isDone);
            });
            bench().elapse(test().leaseTime().multipliedBy(2));
            assertThat(consumer.count()).isEqualTo(2);
            assertThat(consumer.gone()).isEmpty();
        }
    }

    @Test
    @When(Trait.LEASES_OF_THE_CONNECTION)
    default void leasesEndWithTheirSession() {
        BrokerSession other = bench().open("other");
        TestConsumer gone = bench().consume(other, bench().spec("a")).credit(1);
        TestConsumer stays = bench().consume("a");
        bench().publishAll("a", "1");
        bench().until("it is delivered", () -> gone.count() == 1);
        stays.credit(1);

        boolean[] closed = new boolean[1];
        other.close().subscribe(any -> {}, error -> {}, () -> closed[0] = true);
        bench().until("the session is closed", () -> closed[0]);

        bench().until("it comes again", () -> stays.count() == 1);
        assertCount(stays.last(), 2);
    }

    @Test
    @When(Trait.LEASES_OF_THE_CONNECTION)
    default void leasesEndWithTheirConnection() {
        TestConsumer consumer = bench().consume("a").credit(2);
        bench().publishAll("a", "1", "2");
        bench().until("both are delivered", () -> consumer.count() == 2);

        test().disconnect(bench().broker(), BrokerBench.CLIENT);
        bench().until("it is told", () -> consumer.connectionsLost() == 1);
        TestSettle ack = consumer.ack(consumer.handout(0));
        TestTouch touch = consumer.touch(consumer.handout(1));

        bench().until("both are refused", () -> ack.isOver() && touch.isOver());
        assertThat(ack.signals()).containsExactly("refused " + LeaseLoss.CONNECTION_LOST);
        assertThat(touch.refusal()).isEqualTo(LeaseLoss.CONNECTION_LOST);
        consumer.credit(2);
        bench().until("both come again", () -> consumer.count() == 4);
        TestSettle again = consumer.ack(consumer.last());
        bench().until("the new lease is held", again::isDone);
    }

    @Test
    @When(Trait.LEASES_OF_THE_CONNECTION)
    default void aConnectionThatBreaksEndsTheLeasesOfPortsThatHaveStopped() {
        TestConsumer stopped = bench().holding("a");
        stopped.port().stop();

        test().disconnect(bench().broker(), BrokerBench.CLIENT);

        bench().until("it is told", () -> stopped.connectionsLost() == 1);
        TestConsumer other = bench().consume("a").credit(1);
        bench().until("it comes again", () -> other.count() == 1);
    }

    @Test
    @When(Trait.LEASES_OF_THE_CONNECTION)
    default void aRestartEndsTheLeasesOfItsConnectionsAndNothingElse() {
        TestConsumer consumer = bench().holding("a");

        test().restart(bench().broker());

        bench().until("it is told", () -> consumer.connectionsLost() == 1);
        assertThat(consumer.gone()).isEmpty();
        consumer.credit(2);
        bench().publishAll("a", "2");
        bench().until("deliveries go on", () -> consumer.count() == 3);
    }
}
