package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.FrozenScheduler;
import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Room;
import io.leasehold.Scenario;
import io.leasehold.error.ErrorCode;
import io.leasehold.lease.Lease;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseTerms;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleVerb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** What a client does of itself when the broker says nothing any more, or only no. */
class SilenceTest {
    @RegisterExtension
    final Room room = Room.fenced();

    private final HandFedBroker broker = HandFedBroker.withTokens();
    private final List<Long> cancelledAt = new ArrayList<>();
    private final List<Lease> leases = new ArrayList<>();

    private MessageClient client() {
        return room.client("fed", builder -> builder.broker(broker));
    }

    private Heard<Outcome> runForEver(MessageClient client) {
        return room.hear(Room.consumer(client).handle(delivery -> {
            leases.add(delivery.lease());
            return Mono.never().doOnCancel(() -> cancelledAt.add(room.nanos()));
        }));
    }

    @Test
    void workIsCancelledAtItsDeadlineAlthoughNoTouchIsAnsweredAnyMore() {
        Heard<Outcome> outcomes = runForEver(client());
        broker.fallSilent();
        long fedAt = room.nanos();
        broker.feed("m", 1);
        room.pass(HandFedBroker.T);
        long deadline = LeaseTerms.of(LeaseTime.renewable(HandFedBroker.T), true, Duration.ZERO, Duration.ZERO)
                .workDeadline(fedAt);

        assertThat(cancelledAt).hasSize(1);
        assertThat(cancelledAt.get(0)).isBetween(deadline, deadline + LeaseTerms.TICK_NANOS);
        assertThat(broker.touched).as("at 1/3, 1/2, 2/3 and 5/6").hasSize(4);
        assertThat(outcomes.values()).extracting(Outcome::loss).containsExactly(LeaseLoss.EXPIRED);
        assertNothingIsWrittenAnyMore();
    }

    @Test
    void workIsCancelledWhenATouchIsRefused() {
        Heard<Outcome> outcomes = runForEver(client());
        broker.refuseTouches(LeaseLoss.SETTLED_ELSEWHERE);
        broker.feed("m", 1);
        room.pass(Duration.ofSeconds(4));

        assertThat(broker.touched).hasSize(1);
        assertThat(cancelledAt).hasSize(1);
        assertThat(outcomes.values()).extracting(Outcome::loss).containsExactly(LeaseLoss.SETTLED_ELSEWHERE);
        assertThat(outcomes.values()).extracting(Outcome::code).containsExactly(ErrorCode.LEASE_LOST);
        assertNothingIsWrittenAnyMore();
    }

    private void assertNothingIsWrittenAnyMore() {
        int touches = broker.touched.size();
        Lease lease = leases.get(0);
        assertThat(Heard.of(lease.ack()).code()).isEqualTo(ErrorCode.LEASE_LOST);
        assertThat(Heard.of(lease.nak()).code()).isEqualTo(ErrorCode.LEASE_LOST);
        assertThat(Heard.of(lease.terminate("why")).code()).isEqualTo(ErrorCode.LEASE_LOST);
        assertThat(Heard.of(lease.touch()).code()).isEqualTo(ErrorCode.LEASE_LOST);
        room.pass(Duration.ofMinutes(1));
        assertThat(broker.settled).isEmpty();
        assertThat(broker.touched).hasSize(touches);
    }

    // ---- closing

    @Test
    void aCloseWaitsForTheAnswersToTheLastSettlements() {
        MessageClient client = client();
        Heard<Outcome> outcomes = room.hear(Room.consumer(client).handle(delivery -> Mono.empty()));

        broker.fallSilent();
        broker.feed("m", 1);
        room.pass(Duration.ofMillis(10));
        Heard<Void> closed = room.hear(client.close());
        room.pass(Duration.ofMillis(500));
        assertThat(broker.verbsOf("m")).contains(SettleVerb.ACK);
        assertThat(closed.hasEnded()).isFalse();
        broker.answer();
        room.pass(Duration.ZERO);
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
        room.pass(Duration.ofSeconds(2));

        assertThat(closed.hasCompleted()).isTrue();
    }

    @Test
    @Scenario(23)
    void aCloseEndsWithinItsLimitAndEveryAnswerWithItAlthoughTheBrokerIsDown() {
        MessageClient client = client();
        List<Heard<SettleAnswer>> acks = new ArrayList<>();
        List<Heard<Duration>> touches = new ArrayList<>();
        Heard<Outcome> outcomes = room.hear(Room.consumer(client).concurrency(4).handle(delivery -> {
            acks.add(Heard.of(delivery.lease().ack()));
            touches.add(Heard.of(delivery.lease().touch()));
            return Mono.never();
        }));

        broker.fallSilent();
        broker.feed("m", 1);
        broker.feed("n", 1);
        room.pass(Duration.ofMillis(10));
        Heard<Void> closed = room.hear(client.closeGracefully(Duration.ofSeconds(2)));
        room.pass(Duration.ofSeconds(5).plusMillis(500));

        assertThat(closed.hasCompleted())
                .as("2 s, and 1 s for each step after that")
                .isTrue();
        assertThat(acks).hasSize(2).allSatisfy(ack -> {
            assertThat(ack.values()).containsExactly(SettleAnswer.UNKNOWN);
            assertThat(ack.ends()).isEqualTo(1);
        });
        assertThat(touches)
                .hasSize(2)
                .allSatisfy(touch -> assertThat(touch.ends()).isEqualTo(1));
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.UNKNOWN, Outcome.Kind.UNKNOWN);
        assertThat(outcomes.hasCompleted()).isTrue();
    }

    @Test
    void aDrainTellsWhatItEndedWithoutAnAnswer() {
        MessageConsumer<String> consumer = Room.consumer(client());
        Heard<Outcome> outcomes = room.hear(consumer.handle(delivery -> Mono.empty()));

        broker.fallSilent();
        broker.feed("m", 1);
        room.pass(Duration.ofMillis(10));
        Heard<Void> drained = room.hear(consumer.control().drain(Duration.ofSeconds(2)));
        room.pass(Duration.ofSeconds(4));
        assertThat(drained.hasCompleted()).isTrue();
        assertThat(outcomes.values()).extracting(Outcome::kind).containsExactly(Outcome.Kind.UNKNOWN);
        assertThat(outcomes.values()).extracting(Outcome::code).containsExactly(ErrorCode.UNKNOWN);
        assertThat(outcomes.hasCompleted()).isTrue();
        broker.answer();
        room.pass(Duration.ofMinutes(1));

        assertThat(outcomes.values()).hasSize(1);
    }

    @Test
    void anAnswerThatComesAfterTheLimitOfADrainButBeforeItsEndIsHeardAddsNoSecondOutcome() {
        FrozenScheduler users = new FrozenScheduler(room.time());
        MessageClient client =
                room.client("fed", builder -> builder.broker(broker).userScheduler(users));
        MessageConsumer<String> consumer = Room.consumer(client);
        Heard<Outcome> outcomes = room.hear(consumer.handle(delivery -> Mono.empty()));
        broker.fallSilent();
        broker.feed("m", 1);
        room.pass(Duration.ofMillis(10));
        room.hear(consumer.control().drain(Duration.ofSeconds(2)));
        users.freeze();
        room.pass(Duration.ofSeconds(4));

        broker.answer();
        users.thaw(() -> {});

        assertThat(outcomes.values()).extracting(Outcome::kind).containsExactly(Outcome.Kind.UNKNOWN);
        assertThat(outcomes.hasCompleted()).isTrue();
    }
}
