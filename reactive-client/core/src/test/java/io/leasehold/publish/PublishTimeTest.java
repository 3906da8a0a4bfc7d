package io.leasehold.publish;

import static io.leasehold.publish.PublishDesk.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.Scenario;
import io.leasehold.broker.PublishItem;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.pace.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.scheduler.Schedulers;

class PublishTimeTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration NANO = Duration.ofNanos(1);

    private final PublishDesk desk = PublishDesk.open();

    @Test
    void whatWasWrittenAndIsNotAnsweredInTimeIsUnknown() {
        desk.port.writesAndHolds();
        Heard<PublishReceipt> heard = Heard.of(desk.publisher.publish(message("a")));
        desk.pass(Duration.ofSeconds(5).minus(NANO));
        assertThat(heard.isOpen()).isTrue();
        desk.pass(NANO);

        assertThat(heard.code()).isEqualTo(ErrorCode.PUBLISH_TIMEOUT);
        assertThat(heard.refusal().isUnknown()).isTrue();
        assertThat(desk.publishing.inFlight()).isZero();
        assertThat(desk.port.held.get(0).isOpen())
                .as("the broker may forget it")
                .isFalse();
        assertThat(desk.port.held.get(0).tryWrite()).isFalse();
    }

    @Test
    void whatWasNotWrittenInTimeIsRefusedAndNeverWritten() {
        desk.port.holdsUnwritten();
        Heard<PublishReceipt> heard = Heard.of(desk.publisher.publish(message("a")));
        desk.pass(Duration.ofSeconds(5));

        assertThat(heard.code()).isEqualTo(ErrorCode.PUBLISH_TIMEOUT);
        assertThat(heard.refusal().isUnknown()).isFalse();
        assertThat(desk.port.held.get(0).tryWrite()).isFalse();
    }

    @Test
    void whatWaitedForTheWindowAllTheTimeIsRefused() {
        PublishDesk small = PublishDesk.open(PublishSettings.builder().window(1));
        small.port.writesAndHolds();
        Heard.of(small.publisher.publish(message("a")));
        small.pass(SECOND);
        Heard<PublishReceipt> waiting = Heard.of(small.publisher.publish(message("b")));
        small.pass(Duration.ofSeconds(3));
        small.port.writesAndHolds();
        assertThat(small.publishing.waiting()).isEqualTo(1);
        small.pass(SECOND);
        assertThat(small.port.written).as("the first made room").containsExactly("a", "b");
        small.pass(SECOND);

        assertThat(waiting.refusal().isUnknown()).isTrue();
        assertThat(small.publishing.inFlight() + small.publishing.waiting()).isZero();
    }

    @Test
    @Scenario(3)
    void anAnswerAfterTheTimeoutIsCountedAndGivenToNobody() {
        desk.port.writesAndHolds();
        Heard<PublishReceipt> first = Heard.of(desk.publisher.publish(message("same")));
        desk.pass(Duration.ofSeconds(5));
        Heard<PublishReceipt> second = Heard.of(desk.publisher.publish(message("same")));
        desk.port.confirmHeld(0);
        assertThat(first.ends()).isEqualTo(1);
        assertThat(second.isOpen()).isTrue();
        assertThat(desk.recorder.count(Kind.LATE_ANSWER)).isEqualTo(1);
        assertThat(desk.publishing.inFlight()).isEqualTo(1);
        desk.port.confirmHeld(1);

        assertThat(second.values()).hasSize(1);
    }

    @Test
    @Scenario(2)
    void tenThousandTimeOutTogetherAndEachClosesTheClient() {
        desk.port.writesAndHolds();
        AtomicInteger closed = new AtomicInteger();
        List<Heard<PublishReceipt>> all = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            all.add(Heard.of(desk.publisher
                    .publish(Message.to("test.topic"))
                    .doOnError(e -> desk.publishing.close(SECOND).subscribe(null, null, closed::incrementAndGet))));
        }
        assertThat(desk.publishing.inFlight()).isEqualTo(1024);
        desk.pass(Duration.ofSeconds(5));
        desk.pass(SECOND);

        assertThat(all).allSatisfy(heard -> assertThat(heard.ends()).isEqualTo(1));
        assertThat(closed).hasValue(10_000);
        assertThat(desk.publishing.inFlight() + desk.publishing.waiting()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"UNKNOWN", "DISCONNECTED", "BROKER_FULL"})
    void whatCanBeRepeatedIsWrittenAgainUnderTheSameId(ErrorCode code) {
        desk.port.fails(code);
        Heard<PublishReceipt> heard = Heard.of(desk.publisher.publish(Message.to("test.topic")));
        assertThat(desk.port.written).hasSize(1);
        desk.port.confirms();
        desk.pass(SECOND);

        assertThat(heard.values()).hasSize(1);
        assertThat(desk.port.written).hasSize(2);
        assertThat(Set.copyOf(desk.port.written)).hasSize(1);
        assertThat(desk.recorder.repeated).hasValue(1);
        assertThat(desk.recorder.failures).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"NO_GROUP", "TOO_LARGE", "NOT_PERMITTED", "REFUSED", "CLOSED"})
    void whatCannotBeRepeatedFailsAtOnce(ErrorCode code) {
        desk.port.fails(code);
        assertThat(Heard.of(desk.publisher.publish(message("a"))).code()).isEqualTo(code);
        assertThat(desk.port.written).hasSize(1);
    }

    @Test
    void repetitionsEndWithTheirNumberAndKeepTheDoubtOfEarlierOnes() {
        PublishDesk fixed =
                PublishDesk.open(PublishSettings.builder().retry(RetryPolicy.fixed(2, Duration.ofMillis(10))));
        fixed.port.fails(ErrorCode.UNKNOWN);
        Heard<PublishReceipt> heard = Heard.of(fixed.publisher.publish(message("a")));
        fixed.pass(Duration.ofMillis(10));
        fixed.port.fails(ErrorCode.BROKER_FULL);
        assertThat(heard.isOpen()).isTrue();
        fixed.pass(Duration.ofMillis(10));

        assertThat(fixed.port.written).hasSize(3);
        assertThat(heard.code()).isEqualTo(ErrorCode.BROKER_FULL);
        assertThat(heard.refusal().isUnknown())
                .as("the first writing may be stored")
                .isTrue();
    }

    @Test
    void aDisconnectBeforeTheWritingLeavesNoDoubt() {
        PublishDesk once = PublishDesk.open(PublishSettings.builder().retry(RetryPolicy.none()));
        once.port.does(item -> item.failed(ScriptedPort.error(ErrorCode.DISCONNECTED)));
        Heard<PublishReceipt> heard = Heard.of(once.publisher.publish(message("a")));

        assertThat(heard.code()).isEqualTo(ErrorCode.DISCONNECTED);
        assertThat(heard.refusal().isUnknown()).isFalse();
    }

    @Test
    void aRepetitionThatWouldComeAfterTheTimeoutIsNotWaitedFor() {
        PublishDesk slow =
                PublishDesk.open(PublishSettings.builder().retry(RetryPolicy.fixed(9, Duration.ofSeconds(2))));
        slow.port.fails(ErrorCode.BROKER_FULL);
        Heard<PublishReceipt> heard = Heard.of(slow.publisher.publish(message("a")));
        slow.pass(Duration.ofSeconds(4));

        assertThat(slow.port.written).hasSize(3);
        assertThat(heard.code()).isEqualTo(ErrorCode.BROKER_FULL);
    }

    @Test
    void theTimeoutCountsFromSubscribingThroughAllRepetitions() {
        PublishDesk fixed = PublishDesk.open(
                PublishSettings.builder().timeout(SECOND).retry(RetryPolicy.fixed(9, Duration.ofMillis(600))));
        fixed.port.fails(ErrorCode.UNKNOWN);
        Heard<PublishReceipt> heard = Heard.of(fixed.publisher.publish(message("a")));
        fixed.port.writesAndHolds();
        fixed.pass(Duration.ofMillis(999));
        assertThat(heard.isOpen()).isTrue();
        fixed.pass(Duration.ofMillis(1));

        assertThat(heard.code()).isEqualTo(ErrorCode.PUBLISH_TIMEOUT);
    }

    @Test
    void aLateAnswerToAnEarlierWritingConfirmsTheSameMessage() {
        desk.port.fails(ErrorCode.UNKNOWN);
        Heard<PublishReceipt> heard = Heard.of(desk.publisher.publish(message("a")));
        desk.port.writesAndHolds();
        desk.pass(SECOND);
        PublishItem item = desk.port.held.get(0);
        item.confirmed(1, true);
        assertThat(heard.values()).hasSize(1);
        item.confirmed(1, true);

        assertThat(desk.recorder.count(Kind.LATE_ANSWER)).isEqualTo(1);
    }

    @Test
    void oneTimerServesAllAndNoneIsLeftBehind() {
        PublishDesk busy = PublishDesk.open(PublishSettings.builder(), Schedulers.immediate());
        busy.port.writesAndHolds();
        for (int i = 0; i < 1000; i++) {
            Heard.of(busy.publisher.publish(message("m" + i)));
            busy.pass(Duration.ofMillis(1));
        }
        for (int i = 0; i < 1000; i++) {
            busy.port.confirmHeld(i);
        }
        assertThat(busy.time.getScheduledTaskCount()).isEqualTo(1);
        busy.pass(Duration.ofHours(1));

        assertThat(busy.time.getScheduledTaskCount()).as("idle").isEqualTo(1);
    }
}
