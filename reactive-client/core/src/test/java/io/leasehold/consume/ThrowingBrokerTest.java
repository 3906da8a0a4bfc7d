package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.MessageClientBuilder;
import io.leasehold.Room;
import io.leasehold.broker.Broker;
import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.Capabilities;
import io.leasehold.broker.SessionContext;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.GroupReadings;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.event.Recorder;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleVerb;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

/**
 * What a broker throws, or gives where something must be given, ends in an error with a code or is told as a fault; and
 * the next message goes on.
 *
 * <pre>
 *   open, capabilities, publishing     the client is not built            PROTOCOL
 *   declare, deliveries                the consumer ends                  PROTOCOL
 *   credit                             asked again after a pause          FAULT
 *   settle                             offered again up to its deadline   FAULT
 *   touch, by the client itself        touched again later                FAULT
 *   touch, by the user                 the user's touch errors            PROTOCOL
 *   abort                              the settlement is unknown          FAULT
 *   stop                               the consumer ends as ever          FAULT
 *   waiting                            not known                          FAULT, once
 *   backlog                            the user's question errors         PROTOCOL
 *   publish                            the publish errors                 INTERNAL, FAULT
 *   an answer that is given twice      the first one counts               LATE_ANSWER
 * </pre>
 */
class ThrowingBrokerTest {
    private static final Duration SOON = Duration.ofSeconds(1);

    @RegisterExtension
    final Room room = Room.fenced();

    private final HandFedBroker broker = HandFedBroker.withTokens();
    private final List<GroupReadings> readings = new ArrayList<>();
    private MessageClient client;

    /** What is thrown. */
    enum Cause {
        EXCEPTION(() -> new IllegalStateException("thrown by a broker")),
        ERROR(() -> new AssertionError("thrown by a broker"));

        private final Supplier<Throwable> made;

        Cause(Supplier<Throwable> made) {
            this.made = made;
        }
    }

    private MessageClient client() {
        if (client == null) {
            client = room.client(
                    "one",
                    builder -> builder.broker(broker).recorder(new Recorder() {
                        @Override
                        public void watching(GroupReadings group) {
                            readings.add(group);
                        }
                    }));
        }
        return client;
    }

    private MessageConsumer<String> consumer() {
        return client().consumer("quakes.>", "assessors", String.class)
                .leaseTime(HandFedBroker.T)
                .concurrency(2);
    }

    private Heard<Outcome> consume(Function<Delivery<String>, Mono<Void>> handler) {
        Heard<Outcome> outcomes = room.hear(consumer().handle(handler::apply));
        room.pass(SOON);
        return outcomes;
    }

    private void assertTold(int faults) {
        assertThat(room.told().faults())
                .hasSize(faults)
                .allSatisfy(fault -> assertThat(fault).hasMessage("thrown by a broker"));
        room.told().faults().clear();
    }

    private void assertTheNextOneGoesOn(Heard<Outcome> outcomes) {
        int before = outcomes.values().size();
        broker.feed("next", 1);
        room.pass(SOON);

        assertThat(Room.kinds(outcomes).subList(before, outcomes.values().size()))
                .containsExactly(Outcome.Kind.ACKED);
    }

    private static Mono<Void> unlessNext(Delivery<String> delivery, Mono<Void> work) {
        return delivery.body().equals("next") ? Mono.empty() : work;
    }

    // ---- what it throws

    @ParameterizedTest
    @EnumSource
    void anAckThatThrowsIsOfferedAgain(Cause cause) {
        Heard<Outcome> outcomes = consume(delivery -> Mono.empty());
        broker.throwsOnce(HandFedBroker.Call.SETTLE, cause.made.get());

        broker.feed("m", 1);
        room.pass(SOON);

        assertTold(1);
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
        assertThat(broker.verbsOf("m")).containsExactly(SettleVerb.ACK);
        assertTheNextOneGoesOn(outcomes);
    }

    @ParameterizedTest
    @EnumSource
    void anAckThatThrowsUpToItsDeadlineIsLostAndToldOnce(Cause cause) {
        Heard<Outcome> outcomes = consume(delivery -> Mono.empty());
        broker.throwsAlways(HandFedBroker.Call.SETTLE, cause.made.get());

        broker.feed("m", 1);
        room.pass(HandFedBroker.T);
        broker.throwsNoMore(HandFedBroker.Call.SETTLE);

        assertTold(1);
        assertThat(outcomes.values()).extracting(Outcome::loss).containsExactly(LeaseLoss.EXPIRED);
        assertTheNextOneGoesOn(outcomes);
    }

    @ParameterizedTest
    @EnumSource
    void anAckThatThrowsAfterItWasWrittenIsWrittenAgain(Cause cause) {
        Heard<Outcome> outcomes = consume(delivery -> Mono.empty());
        broker.throwsOnce(HandFedBroker.Call.SETTLE_WRITTEN, cause.made.get());

        broker.feed("m", 1);
        room.pass(HandFedBroker.T);

        assertTold(1);
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
        assertTheNextOneGoesOn(outcomes);
    }

    @ParameterizedTest
    @EnumSource
    void aReleaseThatThrowsKeepsNoOtherFromBeingReleased(Cause cause) {
        Heard<Outcome> outcomes = room.hear(consumer()
                .prefetch(3)
                .maxWaiting(3)
                .handle(delivery -> unlessNext(
                        delivery, Mono.delay(SOON.multipliedBy(2), room.time()).then())));
        room.pass(SOON);
        Stream.of("a", "b", "c", "d", "e").forEach(ref -> broker.feed(ref, 1));
        room.pass(SOON);
        broker.throwsOnce(HandFedBroker.Call.SETTLE, cause.made.get());

        room.hear(consumer().control().pause());
        room.pass(SOON);

        assertTold(1);
        assertThat(Stream.of("c", "d", "e").map(broker::verbsOf)).containsOnly(List.of(SettleVerb.NAK));
        room.hear(consumer().control().resume());
        room.pass(SOON.multipliedBy(2));
        assertTheNextOneGoesOn(outcomes);
    }

    @ParameterizedTest
    @EnumSource
    void creditThatThrowsIsGivenAgainAfterAPause(Cause cause) {
        broker.throwsOnce(HandFedBroker.Call.CREDIT, cause.made.get());
        Heard<Outcome> outcomes = consume(delivery -> Mono.empty());

        assertTold(1);
        assertThat(broker.credit()).isPositive();
        assertTheNextOneGoesOn(outcomes);
        assertThat(room.told().count(Kind.SURPLUS)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void creditThatThrowsForLongIsToldEverMoreRarely(Cause cause) {
        broker.throwsAlways(HandFedBroker.Call.CREDIT, cause.made.get());
        Heard<Outcome> outcomes = consume(delivery -> Mono.empty());

        room.pass(Duration.ofMinutes(5));

        assertThat(room.told().faults()).hasSizeBetween(10, 25);
        broker.throwsNoMore(HandFedBroker.Call.CREDIT);
        room.pass(Duration.ofMinutes(1));
        room.told().faults().clear();
        assertTheNextOneGoesOn(outcomes);
    }

    @ParameterizedTest
    @EnumSource
    void aStopThatThrowsEndsTheConsumerAsEver(Cause cause) {
        broker.throwsOnce(HandFedBroker.Call.STOP, cause.made.get());
        Heard<Outcome> before = consume(delivery -> Mono.empty());

        Heard<Void> drained = room.hear(consumer().control().drain(Duration.ZERO));
        room.pass(SOON);

        assertTold(1);
        assertThat(before.hasCompleted()).isTrue();
        assertThat(drained.hasCompleted()).isTrue();
        assertTheNextOneGoesOn(consume(delivery -> Mono.empty()));
    }

    @ParameterizedTest
    @EnumSource
    void aDeclarationThatThrowsEndsTheConsumerWithAnError(Cause cause) {
        broker.throwsOnce(HandFedBroker.Call.DECLARE, cause.made.get());
        MessageConsumer<String> consumer = consumer().deadLetterTo("dead.quakes");

        Heard<Outcome> refused = room.hear(consumer.handle(delivery -> Mono.empty()));
        room.pass(SOON);

        assertThat(refused.code()).isEqualTo(ErrorCode.PROTOCOL);
        assertThat(refused.error()).hasRootCauseMessage("thrown by a broker");
        Heard<Outcome> outcomes = room.hear(consumer.handle(delivery -> Mono.empty()));
        room.pass(SOON);
        assertTheNextOneGoesOn(outcomes);
    }

    @ParameterizedTest
    @EnumSource
    void deliveriesThatThrowEndTheConsumerWithAnError(Cause cause) {
        broker.throwsOnce(HandFedBroker.Call.DELIVERIES, cause.made.get());

        Heard<Outcome> refused = consume(delivery -> Mono.empty());

        assertThat(refused.code()).isEqualTo(ErrorCode.PROTOCOL);
        assertThat(refused.error()).hasRootCauseMessage("thrown by a broker");
        assertTheNextOneGoesOn(consume(delivery -> Mono.empty()));
    }

    @ParameterizedTest
    @EnumSource
    void aTouchThatThrowsIsMadeUpForByTheNextOne(Cause cause) {
        Heard<Outcome> outcomes = consume(delivery -> unlessNext(
                delivery,
                Mono.delay(HandFedBroker.T.multipliedBy(2), room.time()).then()));
        broker.throwsOnce(HandFedBroker.Call.TOUCH, cause.made.get());

        broker.feed("m", 1);
        room.pass(HandFedBroker.T.multipliedBy(3));

        assertTold(1);
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
        assertTheNextOneGoesOn(outcomes);
    }

    @ParameterizedTest
    @EnumSource
    void aTouchOfTheUserThatThrowsIsAnErrorWithACode(Cause cause) {
        List<Throwable> errors = new ArrayList<>();
        Heard<Outcome> outcomes = consume(delivery -> unlessNext(
                delivery, delivery.lease().touch().doOnError(errors::add).then()));
        broker.throwsOnce(HandFedBroker.Call.TOUCH, cause.made.get());

        broker.feed("m", 1);
        room.pass(SOON);

        assertThat(errors).extracting(MessagingException::codeOf).containsExactly(ErrorCode.PROTOCOL);
        assertThat(outcomes.values()).extracting(Outcome::code).containsExactly(ErrorCode.PROTOCOL);
        assertTheNextOneGoesOn(outcomes);
    }

    @ParameterizedTest
    @EnumSource
    void anAbortThatThrowsLeavesTheSettlementUnknown(Cause cause) {
        broker.can(Capabilities.unfenced(Duration.ZERO));
        broker.throwsOnce(HandFedBroker.Call.ABORT, cause.made.get());
        Heard<Outcome> outcomes = consume(delivery -> unlessNext(delivery, Mono.error(new IllegalStateException())));
        broker.fallSilent();

        broker.feed("m", 1);
        room.pass(HandFedBroker.T);
        broker.speakAgain();

        assertTold(1);
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.UNKNOWN);
        assertTheNextOneGoesOn(outcomes);
    }

    @ParameterizedTest
    @EnumSource
    void whatWaitsIsNotKnownWhereThatThrowsWhichIsToldOnce(Cause cause) {
        broker.throwsAlways(HandFedBroker.Call.WAITING, cause.made.get());
        Heard<Outcome> outcomes = consume(delivery -> Mono.empty());

        assertThat(readings).hasSize(1);
        assertThat(readings.get(0).lag()).isEqualTo(-1);
        assertThat(readings.get(0).lag()).isEqualTo(-1);

        assertTold(1);
        assertTheNextOneGoesOn(outcomes);
    }

    @ParameterizedTest
    @EnumSource
    void aBacklogThatThrowsIsAnErrorWithACode(Cause cause) {
        Heard<Outcome> outcomes = consume(delivery -> Mono.empty());
        broker.throwsOnce(HandFedBroker.Call.BACKLOG, cause.made.get());

        Heard<Map<String, Long>> backlogs = room.hear(client().backlogs());
        room.pass(SOON);

        assertThat(backlogs.code()).isEqualTo(ErrorCode.PROTOCOL);
        assertTheNextOneGoesOn(outcomes);
    }

    @ParameterizedTest
    @EnumSource
    void aPublishThatThrowsIsAnErrorWithACode(Cause cause) {
        broker.throwsOnce(HandFedBroker.Call.PUBLISH, cause.made.get());

        Heard<PublishReceipt> refused =
                room.hear(client().publish(Message.to("quakes.nc").id("a").body("a")));
        Heard<PublishReceipt> next =
                room.hear(client().publish(Message.to("quakes.nc").id("b").body("b")));
        room.pass(SOON);

        assertTold(1);
        assertThat(refused.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(next.hasCompleted()).isTrue();
    }

    // ---- what it does not give

    /** A broker that gives nothing where something must be given. */
    private record Giving(BrokerSession session) implements Broker {
        @Override
        public String name() {
            return "giving";
        }

        @Override
        public BrokerSession open(SessionContext context) {
            return session;
        }
    }

    private static HandFedBroker lacking(boolean capabilities, boolean publishing) {
        HandFedBroker lacks = HandFedBroker.withTokens();
        if (capabilities) {
            lacks.can(null);
        }
        if (publishing) {
            lacks.throwsOnce(HandFedBroker.Call.PUBLISHING, new AssertionError("thrown by a broker"));
        }
        return lacks;
    }

    static Stream<Broker> withoutWhatAClientNeeds() {
        return Stream.of(new Giving(null), new Giving(lacking(true, false)), new Giving(lacking(false, true)));
    }

    @ParameterizedTest
    @MethodSource("withoutWhatAClientNeeds")
    void aClientIsNotBuiltOnABrokerThatGivesNothing(Broker giving) {
        MessageClientBuilder builder = MessageClient.builder().name("none").broker(giving);

        // The room finds threads that are left.
        assertThatThrownBy(builder::build)
                .isInstanceOfSatisfying(
                        MessagingException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.PROTOCOL));
    }

    // ---- what it says twice

    @Test
    void anAnswerThatIsGivenTwiceCountsOnce() {
        Heard<Outcome> outcomes = consume(
                delivery -> unlessNext(delivery, delivery.lease().touch().then()));
        broker.answersTwice();

        broker.feed("m", 1);
        room.pass(SOON);

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
        assertThat(room.told().count(Kind.LATE_ANSWER)).isOne();
        assertTheNextOneGoesOn(outcomes);
    }

    @Test
    void aPublishThatIsConfirmedTwiceCountsOnce() {
        broker.answersTwice();

        Heard<PublishReceipt> published =
                room.hear(client().publish(Message.to("quakes.nc").id("a").body("a")));
        room.pass(SOON);

        assertThat(published.values()).hasSize(1);
        assertThat(published.hasCompleted()).isTrue();
        assertThat(room.told().count(Kind.LATE_ANSWER)).isOne();
    }
}
