package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.FrozenScheduler;
import io.leasehold.Heard;
import io.leasehold.Room;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.TouchMode;
import io.leasehold.pace.Backoff;
import io.leasehold.pace.RetryPolicy;
import io.leasehold.pace.StageAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** When a batch has failed its members go on one by one, in its slot: never two at once. */
class BatchAloneTest {
    private static final Duration SOON = Duration.ofSeconds(1);

    @RegisterExtension
    final Room room = Room.fenced();

    private final HandFedBroker broker = HandFedBroker.withTokens();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final List<String> started = new ArrayList<>();
    private final List<String> doubled = new ArrayList<>();
    private MessageConsumer<String> consumer;

    private MessageConsumer<String> fed() {
        return Room.consumer(room.client("fed", builder -> builder.broker(broker)))
                .concurrency(1)
                .maxWaiting(10)
                .maxDeliveries(1_000);
    }

    private static BatchSettings of(int size) {
        return BatchSettings.ofSize(size);
    }

    private void feed(String... refs) {
        for (String ref : refs) {
            broker.feed(ref, 1);
        }
    }

    private Mono<?> counted(Mono<?> work) {
        return Mono.defer(() -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            return work.doFinally(end -> running.decrementAndGet());
        });
    }

    private Mono<?> alone(Delivery<String> delivery) {
        started.add(delivery.body());
        return counted(Mono.delay(SOON, room.time()));
    }

    @Test
    void aBatchThatADrainComesBeforeGivesAllItsMembersBackAtOnce() {
        FrozenScheduler users = new FrozenScheduler(room.time());
        MessageConsumer<String> consumer = Room.consumer(
                        room.client("late", builder -> builder.broker(broker).userScheduler(users)))
                .concurrency(1)
                .maxWaiting(10);
        room.hear(consumer.handleBatch(of(3), batch -> Mono.never()));
        room.pass(Duration.ZERO);
        users.freeze();
        feed("a", "b", "c");
        room.pass(Duration.ofMillis(10));
        room.hear(consumer.control().drain(SOON));
        room.pass(Duration.ofMillis(10));
        broker.fallSilent();

        users.thaw(() -> {});
        room.pass(Duration.ofMillis(10));

        assertThat(List.of("a", "b", "c"))
                .allSatisfy(ref -> assertThat(broker.verbsOf(ref)).containsExactly(SettleVerb.NAK));
    }

    @Test
    void afterABatchFailedItsMembersRunOneAtATimeWhateverItsHandlerSettledItself() {
        Heard<Outcome> outcomes = room.hear(fed().handleBatch(of(5), batch -> {
            if (batch.size() == 1) {
                return alone(batch.get(0));
            }
            Mono<Void> settled = batch.get(0)
                    .lease()
                    .ack()
                    .then(batch.get(3).lease().terminate("no use"))
                    .then();
            return counted(settled.then(Mono.error(new IllegalStateException("all"))));
        }));
        feed("a", "b", "c", "d", "e");

        room.pass(Duration.ofSeconds(5));

        assertThat(started).containsExactly("b", "c", "e");
        assertThat(most).hasValue(1);
        assertThat(outcomes.values()).hasSize(5);
        assertThat(broker.verbsOf("a")).containsExactly(SettleVerb.ACK);
        assertThat(broker.verbsOf("d")).containsExactly(SettleVerb.TERMINATE);
    }

    @Test
    void aMemberThatIsLostWhileItWaitsToRunAloneIsSkipped() {
        Heard<Outcome> outcomes = room.hear(fed().handleBatch(
                        of(3),
                        batch -> batch.size() == 1
                                ? alone(batch.get(0))
                                : Mono.error(new IllegalStateException("all"))));
        feed("a", "b", "c");
        room.pass(Duration.ofMillis(500));

        broker.sink().ended("b", null, LeaseLoss.MESSAGE_DELETED);
        room.pass(Duration.ofSeconds(3));

        assertThat(started).containsExactly("a", "c");
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.LOST, Outcome.Kind.ACKED, Outcome.Kind.ACKED);
    }

    private Heard<Outcome> whereAStageHoldsUpTheSecond(Mono<?> work) {
        return whereAStageHoldsUpTheSecond(work, () -> {});
    }

    private Heard<Outcome> whereAStageHoldsUpTheSecond(Mono<?> work, Runnable before) {
        AtomicInteger asked = new AtomicInteger();
        ConsumeStage holdsUp = new ConsumeStage() {
            @Override
            public StageAnswer enter(ConsumeView run, long now) {
                if (asked.incrementAndGet() != 2) {
                    return StageAnswer.PROCEED;
                }
                before.run();
                return StageAnswer.delay(SOON);
            }

            @Override
            public void exit(ConsumeView run, Outcome.Kind outcome, long now) {}
        };
        consumer = Room.consumer(
                        room.client("staged", builder -> builder.broker(broker).stage(holdsUp)))
                .concurrency(1)
                .maxWaiting(10);
        Heard<Outcome> outcomes = room.hear(consumer.handleBatch(of(3), batch -> counted(work)));
        feed("a", "b", "c");
        return outcomes;
    }

    @Test
    void whatAStageHeldUpRunsWhenTheOthersAreDoneAndNotBesideThem() {
        Heard<Outcome> outcomes = whereAStageHoldsUpTheSecond(Mono.delay(Duration.ofSeconds(5), room.time()));

        room.pass(Duration.ofSeconds(20));

        assertThat(most).hasValue(1);
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED, Outcome.Kind.ACKED, Outcome.Kind.ACKED);
    }

    @Test
    void whatAStageHeldUpEndsByItselfWhenItIsLostAndDoesNotCancelTheOthers() {
        AtomicInteger cancelled = new AtomicInteger();
        Heard<Outcome> outcomes = whereAStageHoldsUpTheSecond(
                Mono.delay(Duration.ofSeconds(5), room.time()).doOnCancel(cancelled::incrementAndGet));

        broker.sink().ended("b", null, LeaseLoss.MESSAGE_DELETED);
        room.pass(SOON);

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.LOST);
        room.pass(Duration.ofSeconds(5));
        assertThat(cancelled).hasValue(0);
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.LOST, Outcome.Kind.ACKED, Outcome.Kind.ACKED);
    }

    @Test
    void whatAStageHeldUpIsGivenBackAtOnceByADrainWhileTheOthersFinish() {
        Heard<Outcome> outcomes = whereAStageHoldsUpTheSecond(Mono.delay(Duration.ofSeconds(5), room.time()));
        room.pass(SOON);

        room.hear(consumer.control().drain(Duration.ofSeconds(10)));
        room.pass(Duration.ofMillis(10));

        assertThat(broker.verbsOf("b")).containsExactly(SettleVerb.NAK);
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.RELEASED);
        room.pass(Duration.ofSeconds(5));
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.RELEASED, Outcome.Kind.ACKED, Outcome.Kind.ACKED);
    }

    @Test
    void whatAStageHeldUpIsGivenBackAtOnceByAPauseWhileTheOthersGoOn() {
        whereAStageHoldsUpTheSecond(Mono.delay(Duration.ofSeconds(5), room.time()));
        room.pass(SOON);

        consumer.control().pause().subscribe();
        room.pass(Duration.ofMillis(10));

        assertThat(broker.verbsOf("b")).containsExactly(SettleVerb.NAK);
        assertThat(running).hasValue(1);
    }

    @Test
    void whatAStageHoldsUpAfterAPauseIsGivenBackAtOnce() {
        whereAStageHoldsUpTheSecond(
                Mono.delay(Duration.ofSeconds(5), room.time()),
                () -> consumer.control().pause().subscribe());
        room.pass(Duration.ofMillis(10));

        assertThat(broker.verbsOf("b")).containsExactly(SettleVerb.NAK);
        assertThat(running).hasValue(1);
    }

    @Test
    void whatWaitsToRunAloneAfterAFailureIsGivenBackAtOnceByADrainAndNotByAPause() {
        consumer = fed();
        room.hear(consumer.handleBatch(
                of(3),
                batch -> batch.size() == 1 ? alone(batch.get(0)) : Mono.error(new IllegalStateException("all"))));
        feed("a", "b", "c");
        room.pass(SOON.dividedBy(2));

        consumer.control().pause().subscribe();
        room.pass(SOON);
        assertThat(started).containsExactly("a", "b");

        room.hear(consumer.control().drain(Duration.ofSeconds(10)));
        room.pass(Duration.ofMillis(10));
        assertThat(broker.verbsOf("c")).containsExactly(SettleVerb.NAK);
        assertThat(running).as("the one that runs goes on").hasValue(1);
    }

    @Test
    void whatIsTooOldToStartLeavesItsBatchAtOnceAndTheHandlerIsCalledOnce() {
        AtomicInteger calls = new AtomicInteger();
        Heard<Outcome> outcomes = room.hear(fed().touch(TouchMode.NEVER).handleBatch(of(3), batch -> {
            calls.incrementAndGet();
            batch.forEach(one -> started.add(one.body()));
            return counted(Mono.delay(Duration.ofSeconds(5), room.time()));
        }));
        feed("a");
        long longAgo = room.nanos() - Duration.ofMillis(9_200).toNanos();
        broker.sink().delivered(new HandFedBroker.Fed(broker, "b", 1, new FencingToken(1, 100), longAgo));
        feed("c");

        room.pass(Duration.ofMillis(100));

        assertThat(calls).hasValue(1);
        assertThat(started).containsExactly("a", "c");
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.LOST);
        room.pass(Duration.ofSeconds(5));
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.LOST, Outcome.Kind.ACKED, Outcome.Kind.ACKED);
    }

    @Test
    void atTheLimitOfADrainWhatWaitsToRunAloneIsGivenBackAlthoughTheOneBeforeItNeverEnds() {
        Sinks.Empty<Void> unlocked = Sinks.empty();
        MessageConsumer<String> consumer = fed();
        room.hear(consumer.handleBatch(of(3), batch -> {
            if (batch.size() > 1) {
                return Mono.error(new IllegalStateException("all"));
            }
            started.add(batch.get(0).body());
            return batch.get(0)
                    .lease()
                    .bind(Mono.just("a lock"), any -> unlocked.asMono())
                    .then(Mono.never());
        }));
        feed("a", "b", "c");
        room.pass(SOON);

        room.hear(consumer.control().drain(SOON));
        room.pass(Duration.ofMillis(1_500));

        assertThat(started).containsExactly("a");
        assertThat(broker.verbsOf("b")).containsExactly(SettleVerb.NAK);
        assertThat(broker.verbsOf("c")).containsExactly(SettleVerb.NAK);
        unlocked.tryEmitEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void whateverHandlersOfBatchesDoNoMessageAndNoSlotHasTwoRunsAtOnce(int round) {
        long seed = Long.getLong("test.seed", 11) + round;
        Random random = new Random(seed);
        Map<String, Integer> runs = new HashMap<>();
        MessageConsumer<String> consumer = room.consumer()
                .concurrency(1)
                .maxWaiting(10)
                .maxDeliveries(1_000)
                .handlerTimeout(Duration.ofSeconds(3))
                .handlerRetry(RetryPolicy.fixed(1, Duration.ofMillis(100)))
                .redelivery(Backoff.fixed(Duration.ofMillis(500)));
        Heard<Outcome> outcomes = room.hear(consumer.handleBatch(of(4), batch -> wild(batch, random, runs)));

        room.publish(100);
        room.pass(Duration.ofMinutes(30));

        assertThat(most).as("seed %d, runs at once", seed).hasValue(1);
        assertThat(doubled).as("seed %d, messages with two runs at once", seed).isEmpty();
        assertThat(outcomes.values().stream().filter(one -> one.kind() == Outcome.Kind.ACKED))
                .as("seed %d, acked", seed)
                .hasSize(100);
    }

    private Mono<?> wild(List<Delivery<String>> batch, Random random, Map<String, Integer> runs) {
        List<Mono<?>> settled = new ArrayList<>();
        for (Delivery<String> delivery : batch) {
            if (random.nextInt(3) == 0) {
                settled.add(
                        random.nextBoolean()
                                ? delivery.lease().ack()
                                : delivery.lease().nak());
            }
        }
        Mono<?> end = switch (random.nextInt(4)) {
            case 0 -> Mono.never();
            case 1 -> Mono.empty();
            default -> Mono.error(new IllegalStateException("no"));
        };
        Mono<?> pause =
                random.nextBoolean() ? Mono.empty() : Mono.delay(Duration.ofMillis(random.nextInt(1_500)), room.time());
        Mono<?> work = pause.then(Mono.defer(() -> {
            settled.forEach(Mono::subscribe);
            return end;
        }));
        return counted(Mono.defer(() -> {
            for (Delivery<String> one : batch) {
                if (runs.merge(one.body(), 1, Integer::sum) > 1) {
                    doubled.add(one.body());
                }
            }
            return work.doFinally(over -> batch.forEach(one -> runs.merge(one.body(), -1, Integer::sum)));
        }));
    }
}
