package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Room;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.CapturedLog;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.pace.Backoff;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/** Nobody looks for a message that fails in silence: its first failure is told, and that it goes on failing. */
class FailureTellingTest {
    private static final Duration PAUSE = Duration.ofSeconds(2);

    @RegisterExtension
    final Room room = Room.fenced();

    private MessageConsumer<String> consumer() {
        return room.consumer().redelivery(Backoff.fixed(PAUSE)).maxDeliveries(3);
    }

    private List<MessagingEvent> told(Kind kind) {
        return room.told().events().stream()
                .filter(event -> event.kind() == kind)
                .toList();
    }

    private ListAssert<Object> assertFacts(Kind kind, String fact) {
        return assertThat(
                told(kind).stream().map(event -> event.details().get(fact)).toList());
    }

    @Test
    void theFirstFailureOfEachMessageIsToldWithItsIdAndWhenItIsTriedNext() {
        room.hear(consumer().handle(delivery -> Mono.error(new IllegalStateException("secret"))));
        room.publish("a", "b");
        room.pass(PAUSE.multipliedBy(2).plusSeconds(1));

        assertThat(told(Kind.FAILED))
                .hasSize(2)
                .allMatch(event -> event.subject().equals("assessors/quakes.nc"))
                .allMatch(event -> event.code() == ErrorCode.HANDLER_FAILED);
        assertFacts(Kind.FAILED, "id").containsExactly("a", "b");
        assertFacts(Kind.FAILED, "deliveryCount").containsOnly(1);
        assertFacts(Kind.FAILED, "nextIn").containsOnly(PAUSE);
    }

    @Test
    void whatKeepsFailingIsNamedWithItsDeliveryAndWhenItIsTriedNext() {
        room.hear(consumer().handle(delivery -> Mono.error(new IllegalStateException())));
        room.publish("a");
        room.pass(PAUSE.multipliedBy(3).plusSeconds(1));

        assertFacts(Kind.KEEPS_FAILING, "id").containsExactly("a", "a");
        assertFacts(Kind.KEEPS_FAILING, "deliveryCount").containsExactly(3, 4);
        assertFacts(Kind.KEEPS_FAILING, "nextIn").containsOnly(PAUSE);
    }

    @Test
    void aLineSaysWhatFailedWhereAndWhenItIsTriedNextAndNoTextOfAForeignError() {
        try (CapturedLog log = CapturedLog.ofClients()) {
            room.hear(consumer().handle(delivery -> Mono.error(new IllegalStateException("secret"))));
            room.publish("told");

            assertThat(log.await("one: FAILED", "id=told"))
                    .startsWith("WARN one: FAILED LH-301 HANDLER_FAILED: a message failed for the first time")
                    .contains("[assessors/quakes.nc]", "deliveryCount=1", "nextIn=2s")
                    .contains("fault=java.lang.IllegalStateException at " + FailureTellingTest.class.getName())
                    .doesNotContain("secret");
        }
    }

    @Test
    void aTimeoutSaysWhichSettingToRaise() {
        try (CapturedLog log = CapturedLog.ofClients()) {
            room.hear(consumer().handlerTimeout(Duration.ofSeconds(1)).handle(delivery -> Mono.never()));
            room.publish("slow");
            room.pass(PAUSE);

            assertThat(log.await("one: FAILED", "id=slow"))
                    .contains("LH-300 HANDLER_TIMEOUT", "; raise handlerTimeout");
        }
    }

    @Test
    void whatIsGivenBackIsAFailureToo() {
        room.hear(consumer().handle(delivery -> Mono.just(Disposition.nak(Duration.ofSeconds(7)))));
        room.publish("a");

        assertFacts(Kind.FAILED, "nextIn").containsExactly(Duration.ofSeconds(7));
    }

    @Test
    void whatAHandlerGivesBackByItsLeaseIsToldOnce() {
        room.hear(consumer().handle(delivery -> delivery.lease().nak(PAUSE)));
        room.publish("a");
        room.pass(PAUSE.plusSeconds(1));

        assertFacts(Kind.FAILED, "id").containsExactly("a");
    }

    @Test
    void whatIsDeadLetteredAtOnceAndWhatSucceedsAreNoFailuresThatAreTriedAgain() {
        room.hear(consumer()
                .maxDeliveries(1)
                .deadLetterTo("dead.quakes")
                .handle(delivery ->
                        delivery.body().equals("bad") ? Mono.error(new IllegalStateException()) : Mono.empty()));
        room.publish("bad", "good");
        room.pass(PAUSE);

        assertThat(told(Kind.DEAD_LETTERED)).hasSize(1);
        assertThat(told(Kind.FAILED)).isEmpty();
    }

    @Test
    void aStormIsFolded() {
        try (CapturedLog log = CapturedLog.ofClients()) {
            room.hear(consumer()
                    .redelivery(Backoff.fixed(Duration.ofMinutes(1)))
                    .handle(delivery -> Mono.error(new IllegalStateException())));
            room.publish(100);
            room.pass(Duration.ofSeconds(40));

            assertThat(log.await("one: FAILED [assessors] and", "more in 10 s")).startsWith("WARN");
        }
    }

    private enum Way {
        TRIED_AGAIN(Kind.FAILED),
        DEAD_LETTERED(Kind.DEAD_LETTERED),
        TERMINATED(Kind.TERMINATED);

        private final Kind kind;

        Way(Kind kind) {
            this.kind = kind;
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(Way.class)
    void whoWritesOutcomesDownHasThemInTheLogOnlyOnceAndEventsStay(Way way) {
        try (CapturedLog log = CapturedLog.ofClients()) {
            MessageConsumer<String> consumer = consumer().logFailures(false);
            consumer = way == Way.DEAD_LETTERED
                    ? consumer.deadLetterTo("dead.quakes").maxDeliveries(1)
                    : consumer;
            room.hear(consumer.handle(delivery -> way == Way.TERMINATED
                    ? Mono.just(Disposition.terminate("no use"))
                    : Mono.error(new IllegalStateException())));
            room.publish("quiet");
            room.pass(Duration.ofMillis(100));

            assertThat(told(way.kind)).hasSize(1);
            assertFacts(way.kind, "id").containsExactly("quiet");
            assertThat(log.await("one: " + way.kind, "id=quiet"))
                    .startsWith("DEBUG")
                    .doesNotContain("saidElsewhere");
        }
    }

    @Test
    void eachEventAboutADeliveryNamesItsMessage() {
        room.hear(consumer()
                .keyed(message -> "one")
                .maxHold(Duration.ofSeconds(12))
                .handle(delivery ->
                        delivery.body().equals("long") ? Mono.never() : Mono.error(new IllegalStateException())));
        room.publish("long", "bad");
        room.pass(Duration.ofSeconds(20));

        assertThat(room.told().losses()).contains(LeaseLoss.MAX_HOLD);
        assertFacts(Kind.HOLD_EXCEEDED, "id").containsOnly("long");
        assertFacts(Kind.KEY_ORDER_BROKEN, "id").contains("long", "bad");
        assertThat(told(Kind.KEY_ORDER_BROKEN))
                .allMatch(event -> event.subject().equals("assessors/quakes.nc"));
    }
}
