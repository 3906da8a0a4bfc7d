package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.Room;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Whoever waits for a drain has heard before how everything ended. Outcomes are signalled by a thread of their own. */
class DrainTest {
    @RegisterExtension
    final Room room = Room.fenced();

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final Scheduler elsewhere = Schedulers.fromExecutor(tasks::add);

    private void runElsewhere() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        room.pass(Duration.ZERO);
    }

    private enum Way {
        HANDLE((consumer, work) -> consumer.handle(delivery -> work)),
        BATCH((consumer, work) -> consumer.handleBatch(BatchSettings.ofSize(2), all -> work)),
        THROUGH((consumer, work) -> consumer.through(flux -> flux.flatMap(delivery -> delivery.settleBy(work))));

        private final BiFunction<MessageConsumer<String>, Mono<?>, Flux<Outcome>> of;

        Way(BiFunction<MessageConsumer<String>, Mono<?>, Flux<Outcome>> of) {
            this.of = of;
        }
    }

    private Heard<Outcome> hear(Way way, MessageConsumer<String> consumer, Mono<?> work) {
        Heard<Outcome> outcomes = room.hear(way.of.apply(consumer, work));
        runElsewhere();
        room.publish("a", "b");
        runElsewhere();
        room.pass(Duration.ofMillis(100));
        return outcomes;
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(Way.class)
    void aDrainCompletesAfterTheLastOutcomeWasSignalled(Way way) {
        MessageConsumer<String> consumer = room.consumer().signalOn(elsewhere);
        Heard<Outcome> outcomes = hear(way, consumer, Mono.delay(Duration.ofSeconds(1), room.time()));
        Heard<Void> drained = room.hear(consumer.control().drain(Duration.ofSeconds(10)));
        room.pass(Duration.ofMillis(1_500));
        assertThat(outcomes.values()).isEmpty();
        assertThat(drained.hasCompleted()).as("before the outcomes").isFalse();

        runElsewhere();
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED, Outcome.Kind.ACKED);
        assertThat(outcomes.hasCompleted()).isTrue();
        assertThat(drained.hasCompleted()).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(Way.class)
    void whoDoesNotTakeItsOutcomesIsWaitedForASecond(Way way) {
        MessageConsumer<String> consumer = room.consumer().signalOn(elsewhere);
        Heard<Outcome> outcomes = hear(way, consumer, Mono.empty());
        Heard<Void> drained = room.hear(consumer.control().drain(Duration.ofSeconds(10)));
        room.pass(Duration.ofMillis(990));
        boolean early = drained.hasCompleted();
        room.pass(Duration.ofMillis(20));

        assertThat(early).isFalse();
        assertThat(drained.hasCompleted()).isTrue();
        runElsewhere();
        assertThat(outcomes.hasCompleted()).isTrue();
    }

    @Test
    void aCancelledSubscriberIsNotWaitedFor() {
        MessageConsumer<String> consumer = room.consumer().signalOn(elsewhere);
        Heard<Outcome> outcomes = hear(Way.HANDLE, consumer, Mono.delay(Duration.ofSeconds(5), room.time()));
        Heard<Void> drained = room.hear(consumer.control().drain(Duration.ofSeconds(10)));

        outcomes.cancel();
        runElsewhere();

        assertThat(drained.hasCompleted()).isTrue();
    }
}
