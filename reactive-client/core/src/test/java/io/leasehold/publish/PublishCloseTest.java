package io.leasehold.publish;

import static io.leasehold.publish.PublishDesk.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.error.ErrorCode;
import io.leasehold.message.PublishReceipt;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

class PublishCloseTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final PublishDesk desk = PublishDesk.open(PublishSettings.builder().window(2));

    @Test
    void withNothingOpenItCompletesAtOnceAndAnyNumberOfTimes() {
        assertThat(Heard.of(desk.publishing.close()).hasCompleted()).isTrue();
        assertThat(Heard.of(desk.publishing.close(SECOND)).hasCompleted()).isTrue();
    }

    @Test
    void nothingBeginsBeforeItIsSubscribed() {
        desk.publishing.close();
        assertThat(Heard.of(desk.publisher.publish(message("a"))).values()).hasSize(1);
    }

    @Test
    void newPublishesAreRefused() {
        Heard.of(desk.publishing.close());
        assertThat(Heard.of(desk.publisher.publish(message("a"))).code()).isEqualTo(ErrorCode.CLOSED);
        Heard<PublishResult> all = Heard.of(desk.publisher.publishAll(Flux.just(message("b"), message("c"))));

        assertThat(all.values()).hasSize(2).noneMatch(PublishResult::isConfirmed);
        assertThat(all.hasCompleted()).isTrue();
        assertThat(desk.port.handed).hasValue(0);
    }

    @Test
    void openOnesGetTheirAnswer() {
        desk.port.writesAndHolds();
        Heard<PublishReceipt> open = Heard.of(desk.publisher.publish(message("a")));
        Heard<Void> closed = Heard.of(desk.publishing.close(SECOND));
        assertThat(closed.isOpen()).isTrue();
        desk.port.confirmHeld(0);

        assertThat(open.values()).hasSize(1);
        assertThat(closed.hasCompleted()).isTrue();
    }

    @Test
    void atTheLimitWrittenOnesAreUnknownAndOthersClosed() {
        desk.port.writesAndHolds();
        Heard<PublishReceipt> written = Heard.of(desk.publisher.publish(message("a")));
        Heard<PublishReceipt> left = Heard.of(desk.publisher.publish(message("b")));
        left.cancel();
        Heard<PublishReceipt> waiting = Heard.of(desk.publisher.publish(message("c")));
        Heard<Void> closed = Heard.of(desk.publishing.close(SECOND));
        desk.pass(SECOND.minusNanos(1));
        assertThat(closed.isOpen()).isTrue();
        desk.pass(Duration.ofNanos(1));

        assertThat(written.code()).isEqualTo(ErrorCode.UNKNOWN);
        assertThat(written.refusal().isUnknown()).isTrue();
        assertThat(waiting.code()).isEqualTo(ErrorCode.CLOSED);
        assertThat(waiting.refusal().isUnknown()).isFalse();
        assertThat(closed.hasCompleted()).isTrue();
        assertThat(desk.publishing.inFlight() + desk.publishing.waiting()).isZero();
    }

    @Test
    void whatWaitsIsStillWrittenWithinTheLimit() {
        desk.port.writesAndHolds();
        for (int i = 0; i < 4; i++) {
            Heard.of(desk.publisher.publish(message("m" + i)));
        }
        Heard<Void> closed = Heard.of(desk.publishing.close(SECOND));
        for (int i = 0; i < 4; i++) {
            desk.port.confirmHeld(i);
        }

        assertThat(closed.hasCompleted()).isTrue();
        assertThat(desk.port.written).hasSize(4);
    }

    @Test
    void theEarliestLimitCounts() {
        desk.port.writesAndHolds();
        Heard<PublishReceipt> open = Heard.of(desk.publisher.publish(message("a")));
        Heard<Void> first = Heard.of(desk.publishing.close(Duration.ofSeconds(3)));
        Heard<Void> second = Heard.of(desk.publishing.close(SECOND));
        Heard.of(desk.publishing.close(Duration.ofSeconds(4)));
        desk.pass(SECOND);

        assertThat(open.isOpen()).isFalse();
        assertThat(first.isOpen()).isFalse();
        assertThat(second.isOpen()).isFalse();
    }

    @Test
    void zeroEndsAllAtOnce() {
        desk.port.writesAndHolds();
        Heard<PublishReceipt> open = Heard.of(desk.publisher.publish(message("a")));
        Heard<Void> closed = Heard.of(desk.publishing.close(Duration.ZERO));

        assertThat(open.code()).isEqualTo(ErrorCode.UNKNOWN);
        assertThat(closed.hasCompleted()).isTrue();
    }

    @Test
    void withoutATimeSchedulerNoneStaysOpen() {
        desk.port.writesAndHolds();
        desk.time.dispose();
        PublishDesk dead = PublishDesk.open(PublishSettings.builder(), reactor.core.scheduler.Schedulers.immediate());
        dead.port.writesAndHolds();
        dead.time.dispose();
        Heard<PublishReceipt> open = Heard.of(dead.publisher.publish(message("a")));

        assertThat(open.code()).isEqualTo(ErrorCode.UNKNOWN);
        assertThat(Heard.of(dead.publisher.publish(message("b"))).code()).isEqualTo(ErrorCode.CLOSED);
        assertThat(Heard.of(dead.publishing.close()).hasCompleted()).isTrue();
    }
}
