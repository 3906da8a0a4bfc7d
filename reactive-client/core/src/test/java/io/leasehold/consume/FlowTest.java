package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Room;
import io.leasehold.Scenario;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.lease.TouchMode;
import io.leasehold.message.Codec;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import io.leasehold.pace.Backoff;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

/** How much a client asks for, holds and runs; pausing, draining and slowing down. */
class FlowTest {
    @RegisterExtension
    final Room room = Room.fenced();

    private long held() {
        return room.group("assessors").held();
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "4, 0", "4, 3", "16, 16"})
    void neverMoreIsHeldThanSlotsAndPrefetchWhateverHandlersDo(int concurrency, int prefetch) {
        long seed = Long.getLong("test.seed", 17);
        Random random = new Random(seed);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();

        room.hear(room.consumer()
                .concurrency(concurrency)
                .prefetch(prefetch)
                .handlerTimeout(Duration.ofSeconds(4))
                .maxDeliveries(3)
                .redelivery(Backoff.fixed(Duration.ofMillis(500)))
                .touch(random.nextBoolean() ? TouchMode.AUTO : TouchMode.NEVER)
                .handle(delivery -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    return manners(random).doFinally(end -> running.decrementAndGet());
                }));
        room.publish(200);
        for (int i = 0; i < 1500; i++) {
            room.pass(Duration.ofMillis(20));
            assertThat(held()).as("seed %d", seed).isLessThanOrEqualTo(concurrency + prefetch);
        }

        assertThat(most).as("seed %d", seed).hasValue(concurrency);
    }

    private Mono<?> manners(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> Mono.empty();
            case 1 -> Mono.error(new IllegalStateException("no"));
            case 2 -> Mono.just(Disposition.nak());
            case 3 -> Mono.never();
            case 4 ->
                Mono.delay(Duration.ofMillis(random.nextInt(3000)), room.time())
                        .then(Mono.error(new IllegalStateException("late")));
            default -> Mono.delay(Duration.ofMillis(random.nextInt(3000)), room.time());
        };
    }

    @Test
    void afterEverythingThatMayHappenAllSlotsAreFreeAgain() {
        Random random = new Random(Long.getLong("test.seed", 17));
        Heard<Outcome> wild = room.hear(room.consumer()
                .concurrency(8)
                .handlerTimeout(Duration.ofSeconds(2))
                .maxDeliveries(2)
                .redelivery(Backoff.fixed(Duration.ofMillis(500)))
                .handle(delivery -> manners(random)));

        room.publish(100);
        room.pass(Duration.ofMinutes(20));
        assertThat(held()
                        + room.group("assessors").queued()
                        + room.group("assessors").delayed())
                .isZero();
        wild.cancel();
        AtomicInteger running = new AtomicInteger();
        room.hear(room.consumer().concurrency(8).handle(delivery -> {
            running.incrementAndGet();
            return Mono.never();
        }));
        room.hear(room.client()
                .publishAll(reactor.core.publisher.Flux.range(0, 20)
                        .map(i -> io.leasehold.message.Message.to("quakes.nc").id("again" + i))));
        room.pass(Duration.ZERO);

        assertThat(running).hasValue(8);
    }

    @Test
    void afterBodiesThatCannotBeDecodedAllSlotsAreFreeAgain() {
        MessageClient strict = room.client("strict", builder -> builder.codecs(Codecs.of(Integer.class, NUMBERS)));
        AtomicInteger running = new AtomicInteger();
        Heard<Outcome> outcomes = room.hear(strict.consumer("quakes.>", "assessors", Integer.class)
                .concurrency(4)
                .leaseTime(Room.T)
                .handle(delivery -> {
                    running.incrementAndGet();
                    return Mono.never();
                }));

        for (int i = 0; i < 100; i++) {
            room.publish("no number " + i);
        }
        assertThat(Room.kinds(outcomes)).hasSizeGreaterThanOrEqualTo(100).containsOnly(Outcome.Kind.NAKED);
        assertThat(outcomes.values()).extracting(Outcome::code).containsOnly(ErrorCode.DECODE_FAILED);
        room.publish(20);

        assertThat(running).hasValue(4);
        assertThat(held()).isEqualTo(4);
    }

    private static final Codec<Integer> NUMBERS = new Codec<>() {
        @Override
        public byte[] encode(Integer value) {
            return value.toString().getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public Integer decode(Message message) {
            return Integer.valueOf(message.text());
        }
    };

    @Test
    void creditIsWhatDemandJustifiesAndComesBackSoAfterAPause() {
        HandFedBroker fed = HandFedBroker.withTokens();
        MessageConsumer<String> consumer = Room.consumer(room.client("fed", builder -> builder.broker(fed)))
                .concurrency(10)
                .prefetch(5)
                .maxWaiting(20);
        Heard<Outcome> outcomes = Heard.of(consumer.handle(delivery -> Mono.never()), 3);
        assertThat(fed.credit()).as("three are asked for").isEqualTo(3);
        fed.feed("m", 1);
        assertThat(fed.credit()).as("one has come, two may").isEqualTo(3);
        consumer.control().pause().subscribe();
        assertThat(fed.credit()).as("no more").isEqualTo(1);
        outcomes.request(100);
        assertThat(fed.credit()).as("not while it pauses").isEqualTo(1);
        consumer.control().resume().subscribe();
        assertThat(fed.credit())
                .as("one has come; nine slots are free, five in advance")
                .isEqualTo(1 + 9 + 5);
        outcomes.cancel();
    }

    @Test
    void aRunStartsOnlyAgainstDemandForItsOutcome() {
        AtomicInteger started = new AtomicInteger();
        Heard<Outcome> outcomes =
                Heard.of(room.consumer().handle(delivery -> Mono.fromRunnable(started::incrementAndGet)), 3);
        room.publish(10);
        room.pass(Duration.ofSeconds(1));
        assertThat(started).hasValue(3);
        assertThat(held()).isZero();
        outcomes.request(2);
        room.pass(Duration.ofSeconds(1));
        assertThat(started).hasValue(5);
        outcomes.cancel();
    }

    @Test
    void withoutDemandTheEndIsStillHeard() {
        Heard<Outcome> outcomes = Heard.of(room.consumer().handle(delivery -> Mono.empty()), 0);
        Heard<Void> drained = room.hear(room.consumer().control().drain(Duration.ofSeconds(1)));
        room.pass(Duration.ofSeconds(1));

        assertThat(outcomes.hasCompleted()).isTrue();
        assertThat(drained.hasCompleted()).isTrue();
    }

    // ---- pause and resume

    @Test
    void pausingGivesBackWhatWaitsAndResumingTakesItAgain() {
        AtomicInteger started = new AtomicInteger();
        room.hear(room.consumer().concurrency(2).prefetch(5).maxWaiting(5).handle(delivery -> {
            started.incrementAndGet();
            return Mono.delay(Duration.ofSeconds(3), room.time());
        }));
        room.publish(20);
        assertThat(held()).isEqualTo(7);
        room.consumer().control().pause().subscribe();
        room.pass(Duration.ofMillis(20));
        assertThat(held()).isEqualTo(2);
        room.pass(Duration.ofMinutes(1));
        assertThat(held()).isZero();
        assertThat(started).hasValue(2);
        room.consumer().control().resume().subscribe();
        room.pass(Duration.ofMillis(20));

        assertThat(held()).isEqualTo(7);
        assertThat(started).hasValue(4);
    }

    @Test
    void fewerSlotsStartNothingUntilTheRunsAreFewEnough() {
        AtomicInteger started = new AtomicInteger();
        MessageConsumer<String> consumer = room.consumer();

        room.hear(consumer.concurrency(8).handle(delivery -> {
            started.incrementAndGet();
            return Mono.delay(Duration.ofSeconds(started.get()), room.time());
        }));
        room.publish(20);
        assertThat(started).hasValue(8);
        consumer.control().apply(consumer.concurrency(2).settings()).subscribe();
        room.pass(Duration.ofMillis(6_500));
        assertThat(started).as("6 of 8 have ended").hasValue(8);
        room.pass(Duration.ofSeconds(1));

        assertThat(started).hasValue(9);
    }

    @Test
    void workThatRunsGoesOnUnderTheSettingsThatItBeganWith() {
        MessageConsumer<String> consumer = room.consumer().handlerTimeout(Duration.ofSeconds(40));
        Heard<Outcome> outcomes = room.hear(
                consumer.maxDeliveries(1).handle(delivery -> Mono.delay(Duration.ofSeconds(25), room.time())));

        room.publish("before");
        room.pass(Duration.ofSeconds(1));
        consumer.control()
                .apply(consumer.maxDeliveries(1)
                        .handlerTimeout(Duration.ofSeconds(2))
                        .touch(TouchMode.NEVER)
                        .maxHold(Duration.ofSeconds(20))
                        .settings())
                .subscribe();
        room.publish("after");
        room.pass(Duration.ofMinutes(1));

        assertThat(outcomes.values())
                .extracting(outcome -> outcome.id().value() + " " + outcome.code())
                .contains("before null")
                .startsWith("after HANDLER_TIMEOUT");
    }

    // ---- drain

    @Test
    @Scenario(34)
    void drainingTakesNoMoreThenWaitsAndAtItsLimitCancelsTheRest() {
        List<String> steps = new ArrayList<>();
        Heard<Outcome> outcomes = room.hear(room.consumer().concurrency(4).handle(delivery -> {
            steps.add("started");
            Mono<?> work = delivery.body().equals("0") ? Mono.delay(Duration.ofSeconds(2), room.time()) : Mono.never();
            return work.doOnCancel(() -> steps.add("cancelled"));
        }));

        room.publish(10);
        Heard<Void> drained = room.hear(room.consumer().control().drain(Duration.ofSeconds(5)));
        room.pass(Duration.ofSeconds(3));
        assertThat(steps).hasSize(4).containsOnly("started");
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
        assertThat(drained.hasEnded()).isFalse();
        room.pass(Duration.ofSeconds(3));

        assertThat(steps.subList(4, steps.size())).hasSize(3).containsOnly("cancelled");
        assertThat(drained.hasCompleted()).isTrue();
        assertThat(outcomes.hasCompleted()).isTrue();
        assertThat(room.group("assessors").queued()).isEqualTo(9);
    }

    @Test
    void afterADrainTheConsumerMayBeSubscribedAgain() {
        room.hear(room.consumer().handle(delivery -> Mono.empty()));
        room.hear(room.consumer().control().drain(Duration.ZERO));
        room.pass(Duration.ofSeconds(2));
        Heard<Outcome> again = room.hear(room.consumer().handle(delivery -> Mono.empty()));
        room.publish("a");

        assertThat(Room.kinds(again)).containsExactly(Outcome.Kind.ACKED);
    }

    @Test
    void drainingWhatIsNotActiveIsDoneAtOnce() {
        Heard<Void> drained = room.hear(room.consumer().control().drain(Duration.ofMinutes(1)));
        room.pass(Duration.ZERO);
        assertThat(drained.hasCompleted()).isTrue();
    }

    // ---- slowing down

    // Elsewhere somebody may be able to do what fails here.
    @Test
    void whenEverythingFailsNothingIsKeptWaiting() {
        room.hear(room.consumer()
                .concurrency(16)
                .prefetch(64)
                .maxWaiting(64)
                .maxDeliveries(10_000)
                .redelivery(Backoff.fixed(Duration.ofMinutes(1)))
                .handle(delivery -> Mono.delay(Duration.ofMillis(10), room.time())
                        .then(Mono.error(new IllegalStateException("down")))));
        room.publish(200);

        room.pass(Duration.ofSeconds(5));

        assertThat(room.told().count(Kind.BACKED_OFF)).isEqualTo(1);
        assertThat(held()).isLessThanOrEqualTo(1);
        room.pass(Duration.ofMinutes(5));
        assertThat(held()).isLessThanOrEqualTo(1);
    }

    @Test
    void whenEverythingFailsOneMessageAtATimeIsTriedUntilOneSucceeds() {
        List<Long> startedAt = new ArrayList<>();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        boolean[] broken = {true};

        room.hear(room.consumer()
                .concurrency(8)
                .maxDeliveries(10_000)
                .redelivery(Backoff.fixed(Duration.ofMillis(100)))
                .handle(delivery -> Mono.defer(() -> {
                    startedAt.add(room.nanos());
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    return Mono.delay(Duration.ofMillis(10), room.time())
                            .then(broken[0] ? Mono.error(new IllegalStateException("down")) : Mono.empty())
                            .doFinally(end -> running.decrementAndGet());
                })));
        room.publish(100);
        room.pass(Duration.ofSeconds(5));
        assertThat(room.told().count(Kind.BACKED_OFF)).isEqualTo(1);
        most.set(0);
        startedAt.clear();
        room.pass(Duration.ofSeconds(60));
        assertThat(most).as("one probe at a time").hasValue(1);
        assertThat(startedAt).hasSizeBetween(2, 20);
        broken[0] = false;
        room.pass(Duration.ofSeconds(60));

        assertThat(room.told().count(Kind.RECOVERED)).isEqualTo(1);
        assertThat(most).as("full speed again").hasValue(8);
        assertThat(held() + room.group("assessors").queued()).isZero();
    }
}
