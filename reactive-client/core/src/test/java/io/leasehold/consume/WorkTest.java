package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Room;
import io.leasehold.error.ErrorCode;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.Lease;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.TouchMode;
import io.leasehold.message.Codec;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The lease owns the work: it follows it wherever it goes, and only the work's end settles. */
class WorkTest {
    @RegisterExtension
    final Room room = Room.fenced();

    private final HandFedBroker broker = HandFedBroker.withTokens();

    private MessageConsumer<String> fed() {
        return Room.consumer(room.client("fed", builder -> builder.broker(broker)));
    }

    // ---- cancelled with its lease

    @Test
    void aLossReachesWorkThatIsNestedDeeply() {
        List<String> cancelled = new ArrayList<>();
        room.hear(room.consumer()
                .touch(TouchMode.NEVER)
                .handle(delivery -> Mono.just(1)
                        .flatMap(one -> Mono.just(2)
                                .flatMap(two -> Mono.just(3)
                                        .flatMap(three ->
                                                Mono.never().doOnCancel(() -> cancelled.add(delivery.body())))))
                        .publishOn(room.time())));
        room.publish("a");
        room.pass(Room.T);

        assertThat(cancelled).contains("a");
    }

    @Test
    void workThatGoesOnForEverIsCancelledAtMaxHoldAndNotTouchedAnyMore() {
        List<Long> cancelledAt = new ArrayList<>();
        Heard<Outcome> outcomes = room.hear(fed().maxHold(Duration.ofSeconds(60))
                .handle(delivery -> Mono.never().doOnCancel(() -> cancelledAt.add(room.nanos()))));

        broker.feed("m", 1);
        room.pass(Duration.ofSeconds(61));
        assertThat(cancelledAt).hasSize(1);
        assertThat(cancelledAt.get(0))
                .isBetween(
                        Duration.ofSeconds(60).toNanos(),
                        Duration.ofMillis(60_020).toNanos());
        assertThat(outcomes.values()).extracting(Outcome::loss).containsExactly(LeaseLoss.MAX_HOLD);
        int touches = broker.touched.size();
        room.pass(Duration.ofMinutes(2));

        assertThat(broker.touched).hasSize(touches);
        assertThat(broker.settled).isEmpty();
    }

    @Test
    void withoutTouchesTheBrokersLeaseTimeIsWhatItWas() {
        List<Long> startedAt = new ArrayList<>();
        room.hear(room.consumer().touch(TouchMode.NEVER).handle(delivery -> {
            startedAt.add(room.nanos());
            return Mono.never();
        }));
        room.publish("a");
        room.pass(Room.T.multipliedBy(3));

        assertThat(room.told().touches()).isZero();
        assertThat(startedAt.get(1) - startedAt.get(0)).isEqualTo(Room.T.toNanos());
        assertThat(startedAt.get(2) - startedAt.get(1)).isEqualTo(Room.T.toNanos());
    }

    @Test
    void extendingALeaseNeverStartsTheWorkAgain() {
        AtomicInteger started = new AtomicInteger();
        AtomicInteger subscribed = new AtomicInteger();
        Heard<Outcome> outcomes = room.hear(room.consumer().handle(delivery -> {
            started.incrementAndGet();
            return Mono.delay(Room.T.multipliedBy(9), room.time()).doOnSubscribe(s -> subscribed.incrementAndGet());
        }));

        room.publish("a");
        room.pass(Room.T.multipliedBy(10));

        assertThat(room.told().touches()).isGreaterThan(20);
        assertThat(started).hasValue(1);
        assertThat(subscribed).hasValue(1);
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
    }

    @Test
    void afterItsEndNothingOfADeliveryIsTouched() {
        Heard<Outcome> outcomes = room.hear(fed().concurrency(100).handle(delivery -> switch (delivery.body()) {
            case "acks" -> Mono.empty();
            case "fails" -> Mono.error(new IllegalStateException("no"));
            case "naks" -> Mono.just(Disposition.nak(Duration.ofSeconds(1)));
            default -> Mono.never();
        }));
        for (String ref : List.of("acks", "fails", "naks", "is lost")) {
            broker.feed(ref, 1);
        }
        broker.sink().ended("is lost", null, LeaseLoss.MESSAGE_DELETED);
        room.pass(Duration.ofMinutes(1));

        assertThat(broker.touched).isEmpty();
        assertThat(outcomes.values()).hasSize(4);
    }

    // ---- wherever it goes

    @Test
    void aLeaseFollowsItsMessageThroughBuffersGroupsWindowsAndThreads() {
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .concurrency(12)
                .through(flux -> flux.doOnNext(Delivery::keep)
                        .groupBy(delivery -> delivery.body().length())
                        .flatMap(group -> group.window(3).flatMap(window -> window.buffer(3)))
                        .publishOn(room.time())
                        .delayElements(Duration.ofSeconds(25), room.time())
                        .concatMap(list -> Deliveries.settleBy(list, Mono.delay(Duration.ofSeconds(5), room.time())))));
        room.publish("a", "b", "c", "dd", "ee", "ff");
        room.pass(Duration.ofMinutes(2));

        assertThat(outcomes.values()).extracting(Outcome::deliveryCount).containsOnly(1);
        assertThat(Room.kinds(outcomes)).hasSize(6).containsOnly(Outcome.Kind.ACKED);
    }

    @Test
    void theLeaseAndItsTokenAreInTheContextAndGrowWithEachDelivery() {
        List<FencingToken> tokens = new ArrayList<>();
        room.hear(room.consumer()
                .redelivery(io.leasehold.pace.Backoff.fixed(Duration.ofSeconds(1)))
                .handle(delivery -> Mono.deferContextual(context -> {
                    Lease lease = context.get(Lease.class);
                    assertThat(lease).isSameAs(delivery.lease());
                    tokens.add(lease.fencingToken().orElseThrow());
                    return delivery.deliveryCount() < 4 ? Mono.error(new IllegalStateException("no")) : Mono.empty();
                })));
        room.publish("a");
        room.pass(Duration.ofSeconds(10));

        assertThat(tokens).hasSize(4).isSorted().doesNotHaveDuplicates();
    }

    // ---- what its end means

    @TestFactory
    Stream<DynamicTest> onlyTheEndOfTheWorkSettlesAndItSettlesOnce() {
        Map<Function<Delivery<String>, Publisher<?>>, List<SettleVerb>> ends = Map.of(
                d -> Mono.empty(), List.of(SettleVerb.ACK),
                d -> Mono.just("one"), List.of(SettleVerb.ACK),
                d -> Flux.range(0, 5), List.of(SettleVerb.ACK),
                d -> Flux.range(0, 5).concatWith(Mono.error(new IllegalStateException())), List.of(SettleVerb.NAK),
                d -> Flux.range(0, 5).concatWith(Mono.never()), List.of(),
                d -> d.lease().ack(), List.of(SettleVerb.ACK),
                d -> d.lease().ack().then(Mono.error(new IllegalStateException())), List.of(SettleVerb.ACK),
                d -> d.lease().nak(), List.of(SettleVerb.NAK),
                d -> d.lease().terminate("why"), List.of(SettleVerb.TERMINATE),
                d -> Mono.just(Disposition.terminate("why")), List.of(SettleVerb.TERMINATE));
        return ends.entrySet().stream()
                .map(end -> DynamicTest.dynamicTest(
                        end.getValue().toString(), () -> assertSettled(end.getKey(), end.getValue())));
    }

    private int number;

    private void assertSettled(Function<Delivery<String>, Publisher<?>> work, List<SettleVerb> verbs) {
        String name = "fed" + number++;
        HandFedBroker own = HandFedBroker.withTokens();
        room.hear(
                Room.consumer(room.client(name, builder -> builder.broker(own))).handle(work::apply));
        own.feed("m", 1);
        room.pass(Duration.ofSeconds(5));
        assertThat(own.verbsOf("m")).isEqualTo(verbs);
    }

    @Test
    void aCancelWithoutSettlementReleasesTheMessage() {
        Heard<Outcome> outcomes = room.hear(fed().handle(delivery -> Mono.never()));
        broker.feed("m", 1);
        room.pass(Duration.ofSeconds(1));
        outcomes.cancel();
        room.pass(Duration.ofSeconds(1));

        assertThat(broker.verbsOf("m")).containsExactly(SettleVerb.NAK);
        assertThat(broker.isStopped()).isTrue();
    }

    @Test
    void workMayGoOnAfterItsOwnAckAndPublishUntilItEnds() {
        List<String> after = new ArrayList<>();
        room.hear(room.client().consumer("echo.>", "echoes", String.class).handle(delivery -> {
            after.add(delivery.body());
            return Mono.empty();
        }));
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .handle(delivery -> delivery.lease()
                        .ack()
                        .then(Mono.delay(Room.T.multipliedBy(2), room.time()))
                        .then(delivery.publish(Message.to("echo.nc").body("after " + delivery.body())))));
        room.publish("a");
        room.pass(Room.T.multipliedBy(3));

        assertThat(after).containsExactly("after a");
        assertThat(outcomes.values()).extracting(Outcome::deliveryCount).containsExactly(1);
    }

    @Test
    void nothingIsPublishedForADeliveryThatIsLost() {
        List<String> echoes = new ArrayList<>();
        room.hear(room.client().consumer("echo.>", "echoes", String.class).handle(delivery -> {
            echoes.add(delivery.body());
            return Mono.empty();
        }));
        List<Mono<?>> late = new ArrayList<>();
        room.hear(room.consumer().touch(TouchMode.NEVER).handle(delivery -> {
            late.add(delivery.publish(Message.to("echo.nc").body("late")));
            return Mono.never();
        }));
        room.publish("a");
        room.pass(Room.T.minusMillis(50));
        Heard<?> publish = Heard.of(late.get(0));
        room.pass(Duration.ZERO);

        assertThat(publish.code()).isEqualTo(ErrorCode.LEASE_LOST);
        assertThat(echoes).isEmpty();
    }

    @Test
    void aRedeliveredMessageDoesNotRepeatWhatItPublished() {
        List<String> echoes = new ArrayList<>();
        room.hear(room.client().consumer("echo.>", "echoes", String.class).handle(delivery -> {
            echoes.add(delivery.body());
            return Mono.empty();
        }));
        room.hear(room.consumer()
                .redelivery(io.leasehold.pace.Backoff.fixed(Duration.ofSeconds(1)))
                .handle(delivery -> delivery.publish(Message.to("echo.nc").body("first"))
                        .then(delivery.publish(Message.to("echo.nc").body("second")))
                        .then(delivery.publish(Message.to("echo.nc").body("first")))
                        .then(delivery.deliveryCount() < 3 ? Mono.error(new IllegalStateException()) : Mono.empty())));
        room.publish("a");
        room.pass(Duration.ofSeconds(30));

        assertThat(echoes).containsExactly("first", "second", "first");
    }

    /** Encoded as its text; no two of them have the same when it is the number. */
    private record Felt(String place, int number) {}

    private MessageClient encodingClient(AtomicInteger encoded) {
        return room.client(
                "encoding",
                builder -> builder.codecs(Codecs.of(Felt.class, new Codec<>() {
                    @Override
                    public byte[] encode(Felt value) {
                        encoded.incrementAndGet();
                        return value.toString().getBytes(StandardCharsets.UTF_8);
                    }

                    @Override
                    public Felt decode(Message message) {
                        throw new UnsupportedOperationException();
                    }
                })));
    }

    @Test
    void aDerivedValueIsEncodedOnceAndItsIdIsOfItsBytes() {
        List<String> echoes = new ArrayList<>();
        room.hear(room.client().consumer("echo.>", "echoes", String.class).handle(delivery -> {
            echoes.add(delivery.body());
            return Mono.empty();
        }));
        AtomicInteger encoded = new AtomicInteger();
        String same = new Felt("nc", 0).toString();
        room.hear(Room.consumer(encodingClient(encoded))
                .redelivery(io.leasehold.pace.Backoff.fixed(Duration.ofSeconds(1)))
                .handle(delivery -> delivery.publish(
                                "felt", Message.to("echo.nc").body(new Felt("nc", 100 + delivery.deliveryCount())))
                        .then(delivery.publish(
                                delivery.deliveryCount() == 1
                                        ? Message.to("echo.nc").body(new Felt("nc", 0))
                                        : Message.to("echo.nc").body(same)))
                        .then(delivery.deliveryCount() < 3 ? Mono.error(new IllegalStateException()) : Mono.empty())));
        room.publish("a");
        room.pass(Duration.ofSeconds(30));

        assertThat(echoes).containsExactly(new Felt("nc", 101).toString(), same);
        assertThat(encoded).hasValue(4);
    }

    @Test
    void workIsAttachedOnce() {
        List<Heard<Outcome>> second = new ArrayList<>();
        room.hear(room.consumer().deliveries().doOnNext(delivery -> {
            Mono<Outcome> settled = delivery.settleBy(Mono.never());
            room.hear(settled);
            second.add(Heard.of(settled));
            second.add(Heard.of(delivery.settleBy(Mono.empty())));
        }));
        room.publish("a");
        room.pass(Duration.ofSeconds(1));

        assertThat(second)
                .extracting(Heard::code)
                .containsOnly(ErrorCode.ALREADY_SETTLED)
                .hasSize(2);
    }

    @Test
    void workThatIsAttachedToALostDeliveryIsNotSubscribed() {
        List<Delivery<String>> handed = new ArrayList<>();
        room.hear(room.consumer().deliveries().doOnNext(handed::add));
        room.publish("a");
        room.pass(Room.T.minusMillis(50));
        AtomicInteger subscribed = new AtomicInteger();
        Heard<Outcome> outcome =
                Heard.of(handed.get(0).settleBy(Mono.empty().doOnSubscribe(any -> subscribed.incrementAndGet())));
        room.pass(Duration.ZERO);

        assertThat(Room.kinds(outcome)).containsExactly(Outcome.Kind.LOST);
        assertThat(subscribed).hasValue(0);
    }

    @Test
    void aDeliveryMayBeSettledThroughItsLeaseAlone() {
        List<Heard<SettleAnswer>> answers = new ArrayList<>();
        room.hear(room.consumer()
                .concurrency(1)
                .deliveries()
                .doOnNext(delivery -> answers.add(Heard.of(delivery.lease().ack()))));
        room.publish("a", "b", "c");
        room.pass(Duration.ofSeconds(1));

        assertThat(answers)
                .hasSize(3)
                .allSatisfy(answer -> assertThat(answer.values()).containsExactly(SettleAnswer.DONE));
    }
}
