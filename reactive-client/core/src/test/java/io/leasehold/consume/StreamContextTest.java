package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.Room;
import io.leasehold.error.ErrorCode;
import io.leasehold.pace.StageAnswer;
import io.leasehold.publish.PublishOutcome;
import io.leasehold.publish.PublishStage;
import io.leasehold.publish.PublishView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** What operators behind a consumer put into the context for their own stream stays out of the work. */
class StreamContextTest {
    private static final List<String> HOOKS = List.of(
            "reactor.onNextError.localStrategy",
            "reactor.onErrorDropped.local",
            "reactor.onNextDropped.local",
            "reactor.onOperatorError.local",
            "reactor.onDiscard.local",
            "reactor.onRejectedExecution.local");

    @RegisterExtension
    final Room room = Room.fenced();

    private final List<ContextView> seen = new ArrayList<>();

    private static void ofTheStream(Object element) {}

    /** How messages are consumed, with operators of the user's behind or inside. */
    private enum Way {
        HANDLE,
        BATCH,
        DELIVERIES,
        THROUGH,
        INSIDE_THROUGH,
        SEVERAL
    }

    private Flux<?> work() {
        return Flux.just(1)
                .<Integer>handle((one, sink) -> {
                    throw new IllegalStateException("no");
                })
                .map(one -> one)
                .contextWrite(context -> {
                    seen.add(context);
                    return context;
                });
    }

    private Flux<Outcome> consume(Way way, Function<Flux<Outcome>, Flux<Outcome>> behind) {
        MessageConsumer<String> consumer = Room.consumer(
                        room.client("hooked", builder -> builder.stage(new Watching())))
                .maxDeliveries(1)
                .deadLetterTo("dead.quakes");
        return switch (way) {
            case HANDLE -> behind.apply(consumer.handle(delivery -> work()));
            case BATCH -> behind.apply(consumer.handleBatch(BatchSettings.ofSize(1), all -> work()));
            case DELIVERIES -> behind.apply(consumer.deliveries().flatMap(delivery -> delivery.settleBy(work())));
            case THROUGH -> behind.apply(consumer.through(flux -> flux.flatMap(delivery -> delivery.settleBy(work()))));
            case INSIDE_THROUGH ->
                consumer.through(flux -> behind.apply(flux.flatMap(delivery -> delivery.settleBy(work()))));
            case SEVERAL ->
                behind.apply(consumer.deliveries().flatMap(delivery -> Deliveries.settleBy(List.of(delivery), work())));
        };
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aStreamThatGoesOnAfterErrorsAcksNothingThatHasFailed(Way way) {
        Heard<Outcome> outcomes = room.hear(consume(way, flux -> flux.onErrorContinue((error, element) -> {})));

        room.publish("a");
        room.pass(Duration.ofSeconds(5));

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.DEAD_LETTERED);
        assertThat(outcomes.values().get(0).code()).isEqualTo(ErrorCode.HANDLER_FAILED);
    }

    static Stream<Arguments> hooks() {
        return Stream.of(Way.values()).flatMap(way -> HOOKS.stream().map(hook -> Arguments.of(way, hook)));
    }

    @ParameterizedTest
    @MethodSource("hooks")
    void neitherWorkNorItsDeadLetterSeesHooksOfTheStream(Way way, String hook) {
        Heard<Outcome> outcomes = room.hear(consume(
                way,
                flux -> flux.contextWrite(
                        Context.of(hook, (Consumer<Object>) StreamContextTest::ofTheStream, "tenant", "one"))));

        room.publish("a");
        room.pass(Duration.ofSeconds(5));

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.DEAD_LETTERED);
        assertThat(seen).hasSizeGreaterThanOrEqualTo(2).noneMatch(context -> context.hasKey(hook));
        assertThat(seen).allMatch(context -> "one".equals(context.getOrDefault("tenant", "none")));
    }

    /** Sees the contexts of dead letters. */
    private final class Watching implements PublishStage {
        @Override
        public StageAnswer enter(PublishView view, long now) {
            seen.add(view.context());
            return StageAnswer.PROCEED;
        }

        @Override
        public void exit(PublishView view, PublishOutcome outcome, long now) {}
    }
}
