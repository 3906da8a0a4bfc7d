package io.leasehold;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.consume.Handler;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.consume.Outcome;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.event.Recorder;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseView;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.TouchMode;
import io.leasehold.message.Message;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A client on real threads: what it starts, and what many threads do to it at once. */
class ClientThreadsTest {
    @RegisterExtension
    final LiveRoom room = new LiveRoom();

    @Test
    void noThreadOfAClientKeepsTheProcessAlive() {
        AtomicInteger inside = new AtomicInteger();
        room.hear(room.consumer().handle(Handler.blocking(delivery -> {
            inside.incrementAndGet();
            room.blockDeafly();
        })));
        room.publish("a");
        room.await("a handler blocks", () -> inside.get() == 1);
        room.consumer().control().drain(Duration.ZERO).subscribe();
        room.await("a cancel has run", () -> Threads.ours().stream().anyMatch(name -> name.contains("cancel")));
        List<Thread> ours = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("leasehold"))
                // Those that another test has ended may be about to leave.
                .filter(thread -> !thread.getName().startsWith("leasehold-test"))
                .toList();

        assertThat(ours).hasSizeGreaterThanOrEqualTo(3).allMatch(Thread::isDaemon);
    }

    @Test
    @Scenario(11)
    void settingsThatManyThreadsChangeUnderLoadLoseAndDoubleNothing() {
        MessageConsumer<String> consumer = room.consumer().leaseTime(Duration.ofSeconds(30));
        List<String> done = new CopyOnWriteArrayList<>();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Heard<Outcome> outcomes = room.hear(consumer.concurrency(8)
                .handle(delivery -> Mono.defer(() -> {
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            return Mono.delay(Duration.ofMillis(1));
                        })
                        .doOnNext(any -> {
                            // Before the end is told: the next one may begin with that.
                            inside.decrementAndGet();
                            done.add(delivery.body());
                        })));
        Mono<Void> published = Flux.range(0, 2000)
                .flatMap(i -> room.client().publish(Message.to("quakes.nc").body("m" + i)), 64)
                .then();
        Mono<Void> changed = Flux.merge(IntStream.range(0, 4)
                        .mapToObj(thread ->
                                Mono.fromRunnable(() -> change(consumer, 50)).subscribeOn(Schedulers.boundedElastic()))
                        .toList())
                .then();

        Mono.when(published, changed).block(LiveRoom.LIMIT);
        consumer.control().apply(consumer.concurrency(16).settings()).subscribe();
        room.await("all have been acked", () -> outcomes.values().size() == 2000);
        assertThat(outcomes.values()).extracting(Outcome::kind).containsOnly(Outcome.Kind.ACKED);
        assertThat(done).hasSize(2000).doesNotHaveDuplicates();
        assertThat(most).hasValueBetween(1, 16);
        room.await(
                "each change is told",
                () -> room.told().count(Kind.SETTINGS_CHANGED) + room.told().count(Kind.SETTINGS_UNCHANGED) == 201);
    }

    @Test
    void aSubscriptionThatRacesTheCloseOfItsClientEnds() {
        List<ErrorCode> refused = new CopyOnWriteArrayList<>();
        for (int round = 0; round < 500; round++) {
            MessageClient client = MessageClient.builder().logging(false).build();
            Mono<Void> consumed = client.consumer("quakes.>", "assessors", String.class)
                    .handle(delivery -> Mono.empty())
                    .then()
                    .doOnError(error -> refused.add(MessagingException.codeOf(error)))
                    .onErrorComplete()
                    .subscribeOn(Schedulers.boundedElastic());
            Mono<Void> closed = client.close().subscribeOn(Schedulers.boundedElastic());
            Mono<Void> both = round % 2 == 0 ? Mono.when(consumed, closed) : Mono.when(closed, consumed);

            both.block(LiveRoom.LIMIT);
        }
        assertThat(refused).allMatch(code -> code == ErrorCode.CLOSED);
    }

    /** Closes the client the first time that it hears of something, on whatever thread it is told. */
    private final class Closing implements Recorder {
        private final String where;
        private final AtomicBoolean called = new AtomicBoolean();
        private final List<Heard<Void>> closes = new CopyOnWriteArrayList<>();
        private final AtomicReference<MessageClient> client = new AtomicReference<>();

        Closing(String where) {
            this.where = where;
        }

        void at(String here) {
            if (where.equals(here) && called.compareAndSet(false, true)) {
                closes.add(Heard.of(client.get().close()));
                closes.add(Heard.of(client.get().close()));
            }
        }

        @Override
        public void touched(LeaseView lease) {
            at("touch");
        }

        @Override
        public void lost(LeaseView lease, LeaseLoss loss) {
            at("loss");
        }

        @Override
        public void settled(LeaseView lease, SettleVerb verb, SettleAnswer answer) {
            at("settlement");
        }

        @Override
        public void cancelDelayed(long nanos) {
            at("cancel");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"touch", "loss", "settlement", "cancel", "outcome"})
    @Scenario(1)
    void closeMayBeCalledOnThreadsOfTheLibrary(String where) {
        Closing closing = new Closing(where);
        MessageClient client = room.client("closing", builder -> builder.recorder(closing));

        closing.client.set(client);
        boolean ends = where.equals("settlement") || where.equals("outcome");
        room.hear(LiveRoom.consumer(client)
                .signalOn(Schedulers.immediate())
                .touch(where.equals("touch") ? TouchMode.AUTO : TouchMode.NEVER)
                .handle(delivery -> ends ? Mono.empty() : Mono.never())
                .doOnNext(outcome -> closing.at("outcome")));
        room.publish("a");
        room.await("it was called", () -> closing.closes.size() == 2);
        room.await("both have ended", () -> closing.closes.stream().allMatch(Heard::hasEnded));

        assertThat(closing.closes).allMatch(Heard::hasCompleted);
    }

    private static void change(MessageConsumer<String> consumer, int times) {
        for (int i = 0; i < times; i++) {
            consumer.control()
                    .apply(consumer.concurrency(1 + ThreadLocalRandom.current().nextInt(16))
                            .settings())
                    .subscribe();
        }
    }
}
