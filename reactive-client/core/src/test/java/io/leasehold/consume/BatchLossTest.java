package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.Room;
import io.leasehold.consume.BatchSettings.OnLoss;
import io.leasehold.error.ErrorCode;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.TouchMode;
import io.leasehold.pace.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** Work on several deliveries goes on under the leases of all, and never without any. */
class BatchLossTest {
    private static final Duration SOON = Duration.ofSeconds(1);
    /** A batch that is not full does not wait for company any longer. */
    private static final Duration FILLED = HandFedBroker.T.dividedBy(4).plusMillis(100);

    @RegisterExtension
    final Room room = Room.fenced();

    private final HandFedBroker broker = HandFedBroker.withTokens();
    private final AtomicInteger subscribed = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();

    private MessageConsumer<String> fed() {
        return Room.consumer(room.client("fed", builder -> builder.broker(broker)));
    }

    private <V> Mono<V> counted(Mono<V> work) {
        return work.doOnSubscribe(any -> subscribed.incrementAndGet()).doOnCancel(cancelled::incrementAndGet);
    }

    private Heard<Outcome> pairs(MessageConsumer<String> consumer, OnLoss onLoss, BatchHandler<String> handler) {
        Heard<Outcome> outcomes = room.hear(consumer.concurrency(1)
                .handleBatch(BatchSettings.builder().size(2).onLoss(onLoss).build(), handler));
        broker.feed("a", 1);
        broker.feed("b", 1);
        room.pass(SOON);
        return outcomes;
    }

    private void lose(String ref) {
        broker.sink().ended(ref, null, LeaseLoss.MESSAGE_DELETED);
        room.pass(SOON);
    }

    // ---- batches that go on without what they lose

    @Test
    void aBatchThatSkipsWhatItLosesIsCancelledWhenNothingIsLeft() {
        Heard<Outcome> outcomes = pairs(fed(), OnLoss.SKIP, batch -> counted(Mono.never()));
        lose("a");
        assertThat(cancelled).hasValue(0);
        lose("b");

        assertThat(cancelled).hasValue(1);
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.LOST, Outcome.Kind.LOST);
    }

    @Test
    void whatABatchThatSkipsHandlesAloneAfterAFailureIsCancelledWithItsOwnLease() {
        Heard<Outcome> outcomes = pairs(
                fed(),
                OnLoss.SKIP,
                batch -> counted(batch.size() == 2 ? Mono.error(new IllegalStateException("both")) : Mono.never()));
        assertThat(subscribed).hasValue(2);
        lose("a");

        assertThat(cancelled).hasValue(1);
        assertThat(subscribed).as("the other one has its turn").hasValue(3);
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.LOST);
    }

    @Test
    void aBatchThatSkipsKeepsItsTimeoutWhenAMemberNaksItself() {
        pairs(
                fed().handlerTimeout(Duration.ofSeconds(5)),
                OnLoss.SKIP,
                batch -> counted(batch.get(0).lease().nak().then(Mono.never())));
        room.pass(Duration.ofSeconds(3));
        assertThat(cancelled).hasValue(0);
        room.pass(SOON);

        assertThat(cancelled).hasValue(1);
        assertThat(broker.verbsOf("a")).containsExactly(SettleVerb.NAK);
    }

    private void feedAsGranted(Duration ago) {
        room.hear(fed().touch(TouchMode.NEVER).handleBatch(BatchSettings.ofSize(2), batch -> counted(Mono.empty())));
        long longAgo = room.nanos() - ago.toNanos();
        broker.sink().delivered(new HandFedBroker.Fed(broker, "a", 1, new FencingToken(1, 1), longAgo));
    }

    @Test
    void aBatchDoesNotWaitForCompanyUntilItIsTooLateToStart() {
        feedAsGranted(Duration.ofSeconds(7));
        room.pass(SOON);
        assertThat(broker.verbsOf("a")).containsExactly(SettleVerb.ACK);
    }

    @Test
    void aBatchWithLittleTimeToSpareLeavesSomeForTimersAndThreadsThatAreLate() {
        feedAsGranted(Duration.ofMillis(8_760));
        room.pass(Duration.ofMillis(30));
        assertThat(broker.verbsOf("a")).containsExactly(SettleVerb.ACK);
    }

    // ---- a group that is deleted and made anew delivers again what a member has settled itself

    private BatchHandler<String> settlingItsFirst() {
        return batch -> {
            boolean both = batch.size() == 2;
            return counted(both ? batch.get(0).lease().ack().then(Mono.never()) : Mono.empty());
        };
    }

    @Test
    void aBatchThatSkipsGoesOnWhenWhatItSettledItselfComesAnewAndTheNewDeliveryWaitsForItsEnd() {
        pairs(fed(), OnLoss.SKIP, settlingItsFirst());
        broker.feed("a", 1);
        room.pass(SOON);
        assertThat(cancelled).hasValue(0);
        assertThat(subscribed).as("no second run of it").hasValue(1);

        lose("b");
        room.pass(FILLED);

        assertThat(cancelled).as("nobody is left who wants the run").hasValue(1);
        assertThat(subscribed).as("the new delivery has its turn").hasValue(2);
        assertThat(broker.verbsOf("a")).containsExactly(SettleVerb.ACK, SettleVerb.ACK);
    }

    @Test
    void aBatchIsCancelledForAllWhenWhatItSettledItselfComesAnew() {
        Heard<Outcome> outcomes = pairs(fed(), OnLoss.RERUN, settlingItsFirst());

        broker.feed("a", 1);
        room.pass(FILLED);

        assertThat(cancelled).hasValue(1);
        assertThat(subscribed).as("the other one, then the new delivery").hasValue(3);
        assertThat(broker.verbsOf("a")).containsExactly(SettleVerb.ACK, SettleVerb.ACK);
        assertThat(broker.verbsOf("b")).containsExactly(SettleVerb.ACK);
        assertThat(Room.kinds(outcomes)).hasSize(3).containsOnly(Outcome.Kind.ACKED);
    }

    // ---- one piece of work for several deliveries

    private final List<Delivery<String>> handed = new ArrayList<>();

    private void hand(MessageConsumer<String> consumer) {
        room.hear(consumer.concurrency(2).deliveries().doOnNext(delivery -> handed.add(delivery.keep())));
        broker.feed("a", 1);
        broker.feed("b", 1);
        room.pass(Duration.ZERO);
        assertThat(handed).hasSize(2);
    }

    @Test
    void workForSeveralIsNotSubscribedWhenOneOfThemIsLostAlready() {
        hand(fed());
        lose("a");
        Heard<Outcome> outcomes = Heard.of(Deliveries.settleBy(handed, counted(Mono.empty())));
        room.pass(SOON);

        assertThat(subscribed).hasValue(0);
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.LOST, Outcome.Kind.RELEASED);
        assertThat(broker.verbsOf("b")).containsExactly(SettleVerb.NAK);
    }

    @Test
    void workForSeveralIsNotDoneAgainForEachOfThem() {
        hand(fed().handlerRetry(RetryPolicy.fixed(3, Duration.ofMillis(10))));
        Heard<Outcome> outcomes =
                Heard.of(Deliveries.settleBy(handed, counted(Mono.error(new IllegalStateException("no")))));
        room.pass(SOON);

        assertThat(subscribed).hasValue(1);
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.NAKED, Outcome.Kind.NAKED);
    }

    @Test
    void whatCouldNotBeSettledTogetherIsLeftAsItWas() {
        hand(fed());
        Heard<Outcome> alone = Heard.of(handed.get(1).settleBy(Mono.empty()));
        Heard<Outcome> together = Heard.of(Deliveries.settleBy(handed, counted(Mono.empty())));
        assertThat(together.code()).isEqualTo(ErrorCode.ALREADY_SETTLED);
        assertThat(subscribed).hasValue(0);
        Heard<Outcome> other = Heard.of(handed.get(0).settleBy(Mono.empty()));
        room.pass(SOON);

        assertThat(Room.kinds(alone)).containsExactly(Outcome.Kind.ACKED);
        assertThat(Room.kinds(other)).containsExactly(Outcome.Kind.ACKED);
    }

    // ---- the limit of a drain

    @Test
    void aRunThatEndsAfterTheLimitOfADrainIsGivenBackAndNotTriedAgain() {
        MessageConsumer<String> consumer =
                fed().handlerTimeout(Duration.ofSeconds(2)).handlerRetry(RetryPolicy.fixed(3, Duration.ofSeconds(3)));
        room.hear(consumer.handle(delivery -> counted(delivery.lease()
                .bind(Mono.just("resource"), any -> Mono.delay(Duration.ofMillis(500), room.time()))
                .then(Mono.never()))));
        broker.feed("a", 1);
        room.pass(Duration.ofMillis(200));
        room.hear(consumer.control().drain(Duration.ofSeconds(2)));
        room.pass(Duration.ofMillis(2_500));

        assertThat(cancelled).hasValue(1);
        assertThat(broker.verbsOf("a")).containsExactly(SettleVerb.NAK);
    }
}
