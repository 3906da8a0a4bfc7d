package io.leasehold;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.consume.Handler;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.consume.Outcome;
import io.leasehold.message.Message;
import io.leasehold.signal.MessagingEvent.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
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
        room.consumer().drain(Duration.ZERO).subscribe();
        room.await("a cancel has run", () -> Threads.ours().stream().anyMatch(name -> name.contains("cancel")));
        List<Thread> ours = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("leasehold"))
                .toList();
        assertThat(ours).hasSizeGreaterThanOrEqualTo(3).allMatch(Thread::isDaemon);
    }

    @Test
    void settingsThatManyThreadsChangeUnderLoadLoseAndDoubleNothing() {
        MessageConsumer<String> consumer = room.consumer();
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
        consumer.concurrency(16).reconfigure();
        room.await("all have been acked", () -> outcomes.values().size() == 2000);
        assertThat(outcomes.values()).extracting(Outcome::kind).containsOnly(Outcome.Kind.ACKED);
        assertThat(done).hasSize(2000).doesNotHaveDuplicates();
        assertThat(most).hasValueBetween(1, 16);
        long told = room.told().count(Kind.SETTINGS_CHANGED) + room.told().count(Kind.SETTINGS_UNCHANGED);
        assertThat(told).isEqualTo(201);
    }

    private static void change(MessageConsumer<String> consumer, int times) {
        for (int i = 0; i < times; i++) {
            consumer.concurrency(1 + ThreadLocalRandom.current().nextInt(16)).reconfigure();
        }
    }
}
