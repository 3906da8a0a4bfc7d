package io.leasehold;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.PublishItem;
import io.leasehold.consume.Outcome;
import io.leasehold.error.ErrorCode;
import io.leasehold.lease.TouchMode;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.publish.PublishSettings;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/**
 * Incident S0: a reply that comes when nobody waits any more, and a close inside a callback. All real
 * races of one request are in the model-checked tests of {@code publish}.
 */
class S0Test {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final AtomicReference<SilentBroker> silent = new AtomicReference<>();

    @RegisterExtension
    final Room room = Room.fenced();

    private MessageClient silentClient() {
        return room.client("silent", builder -> {
            silent.set(new SilentBroker(room.broker()));
            return builder.broker(silent.get())
                    .publishing(PublishSettings.builder()
                            .timeout(TIMEOUT)
                            .waiting(20_000)
                            .build());
        });
    }

    private static Message message(int number) {
        return Message.to("quakes.nc").id("m" + number).body("body " + number);
    }

    @Test
    @Scenario(1)
    void closeMayBeCalledInAHandler() {
        MessageClient client = room.client();
        List<Heard<Void>> closes = new ArrayList<>();
        Heard<Outcome> outcomes = room.hear(Room.consumer(client).handle(delivery -> {
            closes.add(Heard.of(client.close()));
            closes.add(Heard.of(client.close()));
            return Mono.never();
        }));

        room.publish("a");
        room.pass(Duration.ofSeconds(5));

        assertThat(closes).hasSize(2).allMatch(Heard::hasCompleted);
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.RELEASED);
        assertThat(outcomes.hasCompleted()).isTrue();
    }

    @Test
    @Scenario(1)
    void aHandlerMayWaitForTheCloseThatWaitsForIt() {
        MessageClient client = room.client();
        Heard<Outcome> outcomes = room.hear(Room.consumer(client).handle(delivery -> client.close()));

        room.publish("a");
        room.pass(Duration.ofSeconds(5));

        assertThat(outcomes.hasCompleted()).isTrue();
        assertThat(Heard.of(client.close()).hasCompleted()).isTrue();
    }

    @Test
    @Scenario(1)
    void closeMayBeCalledOnAnOutcome() {
        MessageClient client = room.client();
        AtomicInteger closed = new AtomicInteger();

        room.hear(Room.consumer(client)
                .handle(delivery -> Mono.empty())
                .doOnNext(outcome -> client.close().subscribe(v -> {}, e -> {}, closed::incrementAndGet))
                .doFinally(end -> client.close().subscribe(v -> {}, e -> {}, closed::incrementAndGet)));
        room.publish("a");
        room.pass(Duration.ofSeconds(5));

        assertThat(closed).hasValue(2);
    }

    @Test
    @Scenario(1)
    void closeMayBeCalledWhenAPublishTimesOut() {
        MessageClient client = silentClient();
        AtomicInteger closed = new AtomicInteger();
        Heard<PublishReceipt> publish = room.hear(client.publish(message(1))
                .doOnError(error -> client.close().subscribe(v -> {}, e -> {}, closed::incrementAndGet)));

        room.pass(TIMEOUT.plusSeconds(1));

        assertThat(publish.code()).isEqualTo(ErrorCode.PUBLISH_TIMEOUT);
        assertThat(closed).hasValue(1);
    }

    @Test
    @Scenario(1)
    void closeMayBeCalledWhenAPublishIsConfirmed() {
        MessageClient client = room.client();
        room.hear(room.consumer().handle(delivery -> Mono.empty()));
        AtomicInteger closed = new AtomicInteger();
        room.hear(client.publish(message(1))
                .doOnNext(receipt -> client.close().subscribe(v -> {}, e -> {}, closed::incrementAndGet)));
        room.pass(Duration.ofSeconds(5));

        assertThat(closed).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"touch", "loss", "cancel", "release"})
    @Scenario(1)
    void closeMayBeCalledWhereverALeaseIsHeard(String where) {
        MessageClient client = room.client();
        List<Heard<Void>> closes = new ArrayList<>();
        Runnable close = () -> closes.add(Heard.of(client.close()));

        room.hear(Room.consumer(client).touch(TouchMode.NEVER).handle(delivery -> switch (where) {
            case "touch" ->
                delivery.lease().touch().doOnNext(left -> close.run()).then(Mono.never());
            case "loss" -> delivery.lease().lost().doOnNext(why -> close.run()).then(Mono.never());
            case "cancel" -> Mono.never().doOnCancel(close);
            // The end of the run waits for the release, which waits for the close, which waits for the run.
            default ->
                delivery.lease().bind(Mono.just("resource"), resource -> {
                    close.run();
                    return client.close();
                });
        }));
        room.publish("a");
        room.pass(Room.T.plusSeconds(5));

        assertThat(closes).hasSize(1).allMatch(Heard::hasCompleted);
    }

    @Test
    @Scenario(2)
    void tenThousandPublishesTimeOutTogetherAndEachOfThemCloses() {
        MessageClient client = silentClient();
        AtomicInteger closed = new AtomicInteger();
        List<Heard<PublishReceipt>> publishes = IntStream.range(0, 10_000)
                .mapToObj(i -> room.hear(client.publish(message(i))
                        .doOnError(error -> client.close().subscribe(v -> {}, e -> {}, closed::incrementAndGet))))
                .toList();

        room.pass(TIMEOUT.plusSeconds(2));

        assertThat(publishes).allSatisfy(publish -> assertThat(publish.ends()).isEqualTo(1));
        assertThat(publishes).extracting(Heard::code).containsOnly(ErrorCode.PUBLISH_TIMEOUT);
        assertThat(closed).hasValue(10_000);
    }

    @Test
    @Scenario(3)
    void aReplyAfterTheTimeoutReachesNobody() {
        MessageClient client = silentClient();
        Heard<PublishReceipt> first = room.hear(client.publish(message(1)));

        room.pass(TIMEOUT);
        assertThat(first.code()).isEqualTo(ErrorCode.PUBLISH_TIMEOUT);
        List<PublishItem> late = List.copyOf(silent.get().unanswered());
        silent.get().unanswered().clear();
        Heard<PublishReceipt> second = room.hear(client.publish(message(2)));
        late.forEach(item -> item.confirmed(77, false));
        room.pass(Duration.ZERO);
        assertThat(first.ends()).isEqualTo(1);
        assertThat(second.hasEnded()).isFalse();
        silent.get().unanswered().forEach(item -> item.confirmed(78, false));
        room.pass(Duration.ZERO);

        assertThat(second.values()).extracting(PublishReceipt::sequence).containsExactly(78L);
        assertThat(room.told().events())
                .extracting(event -> event.kind().name())
                .contains("LATE_ANSWER");
    }

    @Test
    @Scenario(4)
    void replyTimeoutAndCancelTogetherGiveOneSignalAtMost() {
        MessageClient client = silentClient();
        for (int round = 0; round < 300; round++) {
            List<Heard<PublishReceipt>> publishes = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                publishes.add(room.hear(client.publish(message(3 * round + i))));
            }
            room.pass(TIMEOUT.minusNanos(1));
            publishes.get(round % 3).cancel();
            silent.get().unanswered().get(0).confirmed(1, false);
            room.pass(Duration.ofNanos(1));
            silent.get().unanswered().forEach(item -> item.confirmed(1, false));
            silent.get().unanswered().clear();
            assertThat(publishes).allMatch(one -> one.isDisposed() && one.ends() <= 1);
            assertThat(publishes.get(round % 3).ends()).isZero();
        }
    }

    @Test
    @Scenario(5)
    void whatACancelledSubscriberHeldIsNotHeldForTheAnswer() {
        MessageClient client = silentClient();
        WeakReference<byte[]> state = publishAndForget(client);
        Threads.await("the caller's state is gone", Duration.ofSeconds(20), () -> {
            System.gc();
            return state.get() == null;
        });
        assertThat(silent.get().unanswered()).hasSize(1);
        silent.get().unanswered().get(0).confirmed(1, false);
    }

    private WeakReference<byte[]> publishAndForget(MessageClient client) {
        byte[] state = new byte[1 << 20];
        AtomicInteger heard = new AtomicInteger();
        client.publish(message(1))
                .doOnNext(receipt -> heard.addAndGet(state.length))
                .subscribe()
                .dispose();
        return new WeakReference<>(state);
    }

    @Test
    @Scenario(5)
    void nothingIsEmittedAfterACancelThatMeetsTheAnswer() {
        MessageClient client = silentClient();
        Heard<PublishReceipt> publish = room.hear(client.publish(message(1)));

        publish.cancel();
        silent.get().unanswered().get(0).confirmed(1, false);
        room.pass(TIMEOUT);

        assertThat(publish.values()).isEmpty();
        assertThat(publish.ends()).isZero();
    }

    @Test
    @Scenario(7)
    void aCallbackThatThrowsHoldsBackNobodyElse() {
        room.hear(room.consumer().handle(delivery -> Mono.empty()));
        List<Heard<PublishReceipt>> publishes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            publishes.add(room.hear(room.client().publish(message(i)).doOnNext(receipt -> {
                if (number % 2 == 0) {
                    throw new IllegalStateException("a callback of the user's");
                }
            })));
        }
        room.pass(Duration.ofSeconds(1));

        assertThat(publishes).allSatisfy(one -> assertThat(one.ends()).isEqualTo(1));
        assertThat(publishes).filteredOn(Heard::hasCompleted).hasSize(50);
    }

    @Test
    @Scenario(7)
    void aCallbackMayPublishAgain() {
        room.hear(room.consumer().handle(delivery -> Mono.empty()));
        Mono<PublishReceipt> chain = room.client().publish(message(0));
        for (int i = 1; i < 100; i++) {
            int number = i;
            chain = chain.flatMap(receipt -> room.client().publish(message(number)));
        }
        Heard<PublishReceipt> last = room.hear(chain);
        room.pass(Duration.ofSeconds(1));

        assertThat(last.hasCompleted()).isTrue();
    }
}
