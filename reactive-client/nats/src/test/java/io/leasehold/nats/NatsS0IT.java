package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Scenario;
import io.leasehold.consume.Outcome;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent;
import io.leasehold.lease.TouchMode;
import io.leasehold.message.PublishReceipt;
import io.leasehold.nats.server.Direction;
import io.leasehold.nats.server.WithServers;
import io.leasehold.publish.PublishSettings;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** Incident S0 on a server: what comes when nobody waits any more, and a close inside a callback. */
@WithServers
class NatsS0IT {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    /** In which everything else ends. */
    private static final Duration LONGER = Duration.ofSeconds(8);

    @RegisterExtension
    static final NatsRoom room = new NatsRoom();

    /** Of a connection that may be silent for long. */
    private MessageClient impatient(Duration timeout) {
        Duration minute = Duration.ofMinutes(1);
        NatsSettings settings = NatsSettings.builder()
                .servers(room.proxy().url())
                .pingEvery(minute)
                .pongTimeout(minute)
                .build();
        return room.client(
                "impatient",
                settings,
                builder -> builder.publishing(PublishSettings.builder()
                        .timeout(timeout)
                        .waiting(20_000)
                        .build()));
    }

    // ---- close() anywhere

    @Test
    @Scenario(1)
    void closeMayBeCalledInAHandlerAndWhatItHeldIsFreeAtOnce() {
        MessageClient client = room.client();
        List<Heard<Void>> closes = new CopyOnWriteArrayList<>();
        Heard<Outcome> outcomes = room.hear(room.consumer(client).handle(delivery -> {
            closes.add(Heard.of(client.close()));
            closes.add(Heard.of(client.close()));
            return Mono.never();
        }));

        room.publish("a");
        room.await(
                "both have ended", () -> closes.size() == 2 && closes.stream().allMatch(Heard::hasCompleted));
        room.await("the consumer has ended", outcomes::hasCompleted);
        assertThat(NatsRoom.kinds(outcomes)).containsExactly(Outcome.Kind.RELEASED);
        Heard<Outcome> next =
                room.hear(room.consumer(room.client("next")).handle(delivery -> Mono.just(delivery.deliveryCount())));
        room.await("another one has it", () -> next.values().size() == 1);

        assertThat(next.values().get(0).deliveryCount()).isEqualTo(2);
    }

    @Test
    @Scenario(1)
    void closeMayBeCalledOnAnOutcome() {
        MessageClient client = room.client();
        AtomicInteger closed = new AtomicInteger();
        room.hear(room.consumer(client)
                .handle(delivery -> Mono.empty())
                .doOnNext(outcome -> client.close().subscribe(v -> {}, e -> {}, closed::incrementAndGet))
                .doFinally(end -> client.close().subscribe(v -> {}, e -> {}, closed::incrementAndGet)));
        room.publish("a");
        room.await("both closes have ended", () -> closed.get() == 2);
    }

    @Test
    @Scenario(1)
    void closeMayBeCalledWhenAPublishIsConfirmed() {
        MessageClient client = room.client();
        AtomicInteger closed = new AtomicInteger();

        room.hear(client.publish(room.message("a"))
                .doOnNext(receipt -> client.close().subscribe(v -> {}, e -> {}, closed::incrementAndGet)));
        room.await("the close has ended", () -> closed.get() == 1);

        assertThat(room.stored()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"touch", "loss", "cancel", "release"})
    @Scenario(1)
    void closeMayBeCalledWhereverALeaseIsHeard(String where) {
        MessageClient client = room.client();
        List<Heard<Void>> closes = new CopyOnWriteArrayList<>();
        Runnable close = () -> closes.add(Heard.of(client.close()));
        room.hear(room.consumer(client).touch(TouchMode.NEVER).handle(delivery -> switch (where) {
            case "touch" ->
                delivery.lease().touch().doOnNext(left -> close.run()).then(Mono.never());
            case "loss" -> delivery.lease().lost().doOnNext(why -> close.run()).then(Mono.never());
            case "cancel" -> Mono.never().doOnCancel(close);
            default ->
                delivery.lease().bind(Mono.just("resource"), resource -> {
                    close.run();
                    return client.close();
                });
        }));
        room.publish("a");
        room.await("it is closed", () -> closes.size() == 1 && closes.get(0).hasCompleted());
    }

    // ---- many timeouts at once

    @Test
    @Scenario(2)
    void thousandsOfPublishesTimeOutTogetherAndEachOfThemCloses() {
        MessageClient client = impatient(TIMEOUT);
        AtomicInteger closed = new AtomicInteger();

        room.proxy().hold();
        List<Heard<PublishReceipt>> publishes = IntStream.range(0, 5_000)
                .mapToObj(i -> room.hear(client.publish(room.message("m" + i))
                        .doOnError(error -> client.close().subscribe(v -> {}, e -> {}, closed::incrementAndGet))))
                .toList();
        room.await("all have ended", () -> publishes.stream().allMatch(Heard::hasEnded));
        room.await("all closes have ended", () -> closed.get() == 5_000);

        assertThat(publishes).allSatisfy(publish -> assertThat(publish.ends()).isEqualTo(1));
        assertThat(publishes)
                .extracting(Heard::code)
                .isSubsetOf(ErrorCode.PUBLISH_TIMEOUT, ErrorCode.CLOSED, ErrorCode.UNKNOWN);
        assertThat(publishes).extracting(Heard::code).contains(ErrorCode.PUBLISH_TIMEOUT);
    }

    // ---- late answers

    @Test
    @Scenario(3)
    void anAnswerAfterTheTimeoutReachesNobody() {
        MessageClient client = impatient(LONGER);
        Heard<PublishReceipt> before = room.hear(client.publish(room.message("before")));

        room.await("the way is open", before::hasCompleted);
        room.proxy().hold(Direction.TO_CLIENT);
        Heard<PublishReceipt> first = room.hear(client.publish(room.message("first")));
        room.await("it times out", first::hasEnded);
        assertThat(first.code()).isEqualTo(ErrorCode.PUBLISH_TIMEOUT);
        Heard<PublishReceipt> second = room.hear(client.publish(room.message("second")));
        room.await("both are stored", () -> room.stored() == 3);
        room.proxy().release();
        room.await("the second is told", second::hasCompleted);

        assertThat(second.values()).extracting(PublishReceipt::sequence).containsExactly(3L);
        assertThat(first.ends()).isEqualTo(1);
        assertThat(first.values()).isEmpty();
        assertThat(room.told().count(MessagingEvent.Kind.LATE_ANSWER)).isPositive();
    }

    @Test
    @Scenario(4)
    void answerTimeoutAndCancelMeetAndGiveOneSignalAtMost() {
        MessageClient client = room.client(
                "racing",
                builder -> builder.publishing(
                        PublishSettings.builder().timeout(Duration.ofMillis(50)).build()));
        room.publish("before");
        room.proxy().delay(Direction.TO_CLIENT, Duration.ofMillis(10), Duration.ofMillis(60), 4);
        List<Heard<PublishReceipt>> publishes = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Heard<PublishReceipt> one = room.hear(client.publish(room.message("m" + i)));
            publishes.add(one);
            if (i % 3 == 0) {
                Mono.delay(Duration.ofMillis(ThreadLocalRandom.current().nextInt(60)))
                        .subscribe(any -> one.cancel());
            }
        }
        room.await("each is over", () -> publishes.stream().allMatch(Heard::isDisposed));
        room.proxy().delay(Direction.TO_CLIENT, Duration.ZERO);
        assertThat(publishes).allMatch(one -> one.ends() <= 1 && signals(one) <= 1);
        assertThat(publishes)
                .filteredOn(one -> one.error() != null)
                .extracting(Heard::code)
                .containsOnly(ErrorCode.PUBLISH_TIMEOUT);
        long confirmed = publishes.stream().filter(Heard::hasCompleted).count();

        assertThat(room.stored()).as("what is confirmed is stored").isGreaterThanOrEqualTo((int) confirmed);
    }

    private static int signals(Heard<?> publish) {
        return publish.values().size() + (publish.error() == null ? 0 : 1);
    }

    @Test
    @Scenario(5)
    void whatACancelledSubscriberHeldIsNotHeldForTheAnswer() {
        MessageClient client = room.client();
        room.publish("before");
        room.proxy().hold(Direction.TO_CLIENT);
        WeakReference<byte[]> state = publishAndForget(client);
        room.await("the caller's state is gone", () -> {
            System.gc();
            return state.get() == null;
        });
        room.await("it is stored", () -> room.stored() == 2);
    }

    private static WeakReference<byte[]> publishAndForget(MessageClient client) {
        byte[] state = new byte[1 << 20];
        AtomicInteger heard = new AtomicInteger();
        Heard<PublishReceipt> publish =
                room.hear(client.publish(room.message("a")).doOnNext(receipt -> heard.addAndGet(state.length)));
        room.await("it is stored", () -> room.stored() == 2);
        publish.cancel();
        return new WeakReference<>(state);
    }

    // ---- callbacks

    @Test
    @Scenario(7)
    void aCallbackThatThrowsHoldsBackNobodyElse() {
        List<Heard<PublishReceipt>> publishes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            publishes.add(room.hear(room.client().publish(room.message("m" + i)).doOnNext(receipt -> {
                if (number % 2 == 0) {
                    throw new IllegalStateException("a callback of the user's");
                }
            })));
        }
        room.await("all have ended", () -> publishes.stream().allMatch(Heard::hasEnded));

        assertThat(publishes).filteredOn(Heard::hasCompleted).hasSize(50);
        assertThat(room.stored()).isEqualTo(100);
    }

    @Test
    @Scenario(7)
    void aCallbackMayPublishAgain() {
        Mono<PublishReceipt> chain = room.client().publish(room.message("m0"));
        for (int i = 1; i < 100; i++) {
            String body = "m" + i;
            chain = chain.flatMap(receipt -> room.client().publish(room.message(body)));
        }
        Heard<PublishReceipt> last = room.hear(chain);
        room.await("the last is confirmed", last::hasCompleted);

        assertThat(last.values()).extracting(PublishReceipt::sequence).containsExactly(100L);
    }
}
