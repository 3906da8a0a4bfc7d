package io.leasehold.publish;

import static io.leasehold.publish.PublishDesk.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.error.ErrorCode;
import io.leasehold.message.Message;
import io.leasehold.publish.PublishResult.Failed;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.publisher.TestPublisher;

class PublishAllTest {
    private final PublishDesk desk = PublishDesk.open(PublishSettings.builder().window(8));

    private static Flux<Message> messages(int count) {
        return Flux.range(0, count).map(i -> message("m" + i));
    }

    private static List<String> ids(int count) {
        return IntStream.range(0, count).mapToObj(i -> "m" + i).toList();
    }

    private static List<String> ids(Heard<PublishResult> heard) {
        return heard.values().stream().map(result -> result.id().value()).toList();
    }

    @Test
    void givesAResultForEachMessageInTheirOrder() {
        Heard<PublishResult> heard = Heard.of(desk.publisher.publishAll(messages(100)));

        assertThat(ids(heard)).isEqualTo(ids(100));
        assertThat(heard.values()).allMatch(PublishResult::isConfirmed);
        assertThat(heard.values()).extracting(PublishResult::topic).containsOnly("test.topic");
        assertThat(heard.hasCompleted()).isTrue();
    }

    @RepeatedTest(20)
    void keepsTheOrderWhenConfirmsComeInAnother(TestInfo info) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);

        desk.port.writesAndHolds();
        Heard<PublishResult> heard = Heard.of(desk.publisher.publishAll(messages(200)));
        while (heard.isOpen()) {
            assertThat(desk.publishing.inFlight()).isBetween(1, 8);
            int pick = random.nextInt(desk.port.held.size());
            desk.port.confirmHeld(pick);
            desk.port.held.remove(pick);
        }

        assertThat(ids(heard)).as("seed %d", seed).isEqualTo(ids(200));
        assertThat(desk.publishing.inFlight()).isZero();
    }

    @Test
    void aFailedMessageIsAResultAndTheOthersGoOn() {
        desk.port.does(item -> {
            if (item.id().value().equals("m3")) {
                item.failed(ScriptedPort.error(ErrorCode.TOO_LARGE));
            } else {
                desk.port.confirm(item);
            }
        });
        Heard<PublishResult> heard = Heard.of(desk.publisher.publishAll(messages(6)));

        assertThat(ids(heard)).isEqualTo(ids(6));
        assertThat(heard.values().get(3)).isInstanceOfSatisfying(Failed.class, failed -> {
            assertThat(failed.error().code()).isEqualTo(ErrorCode.TOO_LARGE);
            assertThat(failed.isConfirmed()).isFalse();
            assertThat(failed.topic()).isEqualTo("test.topic");
        });
        assertThat(heard.hasCompleted()).isTrue();
    }

    @Test
    void anErrorOfTheSourceComesAfterTheResultsOfWhatCameBefore() {
        desk.port.writesAndHolds();
        Flux<Message> failing = messages(2).concatWith(Flux.error(new IllegalStateException("source")));
        Heard<PublishResult> heard = Heard.of(desk.publisher.publishAll(failing));
        desk.port.confirmHeld(1);
        assertThat(heard.values()).isEmpty();
        assertThat(heard.isOpen()).isTrue();
        desk.port.confirmHeld(0);

        assertThat(ids(heard)).isEqualTo(ids(2));
        assertThat(heard.error()).hasMessage("source");
    }

    @Test
    void anEmptySourceCompletesWithoutDemand() {
        assertThat(Heard.of(desk.publisher.publishAll(Flux.empty()), 0).hasCompleted())
                .isTrue();
    }

    @Test
    void publishesNoMoreThanWasAskedFor() {
        Heard<PublishResult> heard = Heard.of(desk.publisher.publishAll(messages(100)), 3);
        assertThat(desk.port.written).hasSize(3);
        assertThat(ids(heard)).isEqualTo(ids(3));
        heard.request(2);

        assertThat(desk.port.written).hasSize(5);
        assertThat(ids(heard)).isEqualTo(ids(5));
        assertThat(heard.isOpen()).isTrue();
    }

    @Test
    void theDemandOnTheSourceFollowsTheConfirms() {
        desk.port.writesAndHolds();
        TestPublisher<Message> source = TestPublisher.create();
        Heard.of(desk.publisher.publishAll(source));
        source.assertMinRequested(8);
        for (int i = 0; i < 8; i++) {
            source.next(message("m" + i));
        }
        desk.port.confirmHeld(7);
        desk.port.confirmHeld(6);
        source.assertMaxRequested(0);
        desk.port.confirmHeld(0);
        desk.port.confirmHeld(1);
        source.assertMinRequested(2);
        source.assertMaxRequested(2);
    }

    @Test
    void tenMillionMessagesOfferedToASubscriberWhoNeverAsksCostNothing() {
        long[] asked = {0};
        Message one = Message.to("test.topic");

        Flux<Message> source =
                Flux.fromIterable(Collections.nCopies(10_000_000, one)).doOnRequest(n -> asked[0] += n);
        Heard<PublishResult> heard = Heard.of(desk.publisher.publishAll(source), 0);
        assertThat(asked[0]).isZero();
        heard.request(5);

        assertThat(asked[0]).isEqualTo(5);
        assertThat(desk.port.handed).hasValue(5);
        assertThat(heard.values()).hasSize(5);
    }

    @Test
    void tenMillionMessagesOfferedToABrokerWhoNeverAnswersFillOnlyTheWindow() {
        long[] asked = {0};
        Message one = Message.to("test.topic");

        desk.port.writesAndHolds();
        Heard.of(desk.publisher.publishAll(
                Flux.fromIterable(Collections.nCopies(10_000_000, one)).doOnRequest(n -> asked[0] += n)));
        assertThat(asked[0]).isEqualTo(8);
        desk.pass(Duration.ofSeconds(5));

        assertThat(asked[0]).as("after a timeout of all").isEqualTo(16);
        assertThat(desk.publishing.inFlight()).isEqualTo(8);
    }

    @Test
    void ofHeavyMessagesOnlySoManyAreTakenAsTheirBytesFit() {
        PublishDesk wide =
                PublishDesk.open(PublishSettings.builder().window(1_000).windowBytes(1 << 20));
        wide.port.writesAndHolds();
        long[] asked = {0};
        Message heavy = Message.to("test.topic").body(new byte[32 * 1_024]);
        Heard<?> heard = Heard.of(wide.publisher.publishAll(
                Flux.fromIterable(Collections.nCopies(2_000, heavy)).doOnRequest(n -> asked[0] += n)));
        for (int i = 0; i < 2_000; i++) {
            assertThat(asked[0]).isBetween((long) Math.min(2_000, i + 16), i + 32L);
            wide.port.confirmHeld(i);
        }

        assertThat(heard.hasCompleted()).isTrue();
    }

    @Test
    void ofLightOnesTheWindowIsFilled() {
        PublishDesk wide = PublishDesk.open(PublishSettings.builder().window(1_000));
        wide.port.writesAndHolds();
        Heard.of(wide.publisher.publishAll(messages(2_000)));
        assertThat(wide.publishing.inFlight()).isEqualTo(1_000);
    }

    @Test
    void manySubscriptionsShareTheWindowInTurn() {
        desk.port.writesAndHolds();
        Heard<PublishResult> first = Heard.of(desk.publisher.publishAll(messages(20)));
        Heard<PublishResult> second = Heard.of(desk.publisher.publishAll(messages(20)));
        assertThat(desk.publishing.inFlight()).isEqualTo(8);
        for (int i = 0; first.isOpen() || second.isOpen(); i++) {
            desk.port.confirmHeld(i);
        }

        assertThat(ids(first)).isEqualTo(ids(20));
        assertThat(ids(second)).isEqualTo(ids(20));
    }

    @Test
    void cancellingStopsTheSourceAndTakesBackWhatIsNotWritten() {
        desk.port.holdsUnwritten();
        TestPublisher<Message> source = TestPublisher.create();
        Heard<PublishResult> heard = Heard.of(desk.publisher.publishAll(source));
        source.next(message("a"), message("b"), message("c"));
        desk.port.write(desk.port.held.get(1));
        heard.cancel();
        source.assertCancelled();
        assertThat(desk.recorder.takenBack).hasValue(2);
        assertThat(desk.publishing.inFlight()).isEqualTo(1);
        desk.port.confirmHeld(1);

        assertThat(desk.publishing.inFlight()).isZero();
        assertThat(desk.recorder.confirmed).hasValue(1);
        assertThat(heard.values()).isEmpty();
    }

    @Test
    void takeGetsExactlyWhatItTakes() {
        Heard<PublishResult> heard =
                Heard.of(desk.publisher.publishAll(messages(100)).take(5));
        assertThat(ids(heard)).isEqualTo(ids(5));
        assertThat(desk.port.written).hasSize(5);
    }

    @Test
    void aSubscriberThatThrowsIsCancelledAndReported() {
        TestPublisher<Message> source = TestPublisher.create();
        desk.publisher.publishAll(source).subscribe(new Throwing());
        source.next(message("a"), message("b"));
        source.assertCancelled();

        assertThat(desk.recorder.faults).hasSize(1);
    }

    @Test
    void badDemandCancelsTheSourceAndEndsWithAnError() {
        TestPublisher<Message> source = TestPublisher.create();
        Heard<PublishResult> heard = Heard.of(desk.publisher.publishAll(source), 0);

        heard.upstreamRequest(0);
        source.assertCancelled();

        assertThat(heard.error()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void withoutIdsEachMessageGetsItsOwn() {
        Message one = Message.to("test.topic");
        Heard<PublishResult> heard = Heard.of(desk.publisher.publishAll(Flux.just(one, one, one)));
        assertThat(heard.values()).extracting(PublishResult::id).doesNotHaveDuplicates();
    }

    @Test
    void aMillionMessagesImmediatelyDoNotNestTheStack() {
        Message one = Message.to("test.topic").id("x");
        long count = desk.publisher
                .signalOn(Schedulers.immediate())
                .publishAll(Flux.fromIterable(Collections.nCopies(1_000_000, one)))
                .count()
                .block(Duration.ofSeconds(30));

        assertThat(count).isEqualTo(1_000_000);
    }

    @Test
    void aPublishThatIsRepeatedImmediatelyDoesNotNestTheStack() {
        long count = desk.publisher
                .signalOn(Schedulers.immediate())
                .publish(message("x"))
                .repeat(100_000)
                .count()
                .block(Duration.ofSeconds(30));
        assertThat(count).isEqualTo(100_001);
    }

    private static final class Throwing implements reactor.core.CoreSubscriber<PublishResult> {
        @Override
        public void onSubscribe(org.reactivestreams.Subscription subscription) {
            subscription.request(10);
        }

        @Override
        public void onNext(PublishResult result) {
            throw new IllegalStateException("subscriber");
        }

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onComplete() {}
    }
}
