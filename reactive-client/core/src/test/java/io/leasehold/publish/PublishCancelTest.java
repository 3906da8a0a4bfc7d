package io.leasehold.publish;

import static io.leasehold.publish.PublishDesk.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.Scenario;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.message.PublishReceipt;
import java.lang.ref.WeakReference;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

class PublishCancelTest {
    private final PublishDesk desk = PublishDesk.open(PublishSettings.builder().window(1));

    @Test
    void whatIsNotWrittenYetIsTakenBack() {
        desk.port.holdsUnwritten();
        Heard<PublishReceipt> heard = Heard.of(desk.publisher.publish(message("a")));
        assertThat(desk.publishing.inFlight()).isEqualTo(1);
        heard.cancel();

        assertThat(desk.publishing.inFlight()).isZero();
        assertThat(desk.port.held.get(0).isOpen()).isFalse();
        assertThat(desk.port.held.get(0).tryWrite()).isFalse();
        assertThat(desk.recorder.takenBack).hasValue(1);
        assertThat(heard.hasEnded()).isFalse();
    }

    @Test
    void whatWaitsForTheWindowIsTakenBack() {
        desk.port.writesAndHolds();
        Heard.of(desk.publisher.publish(message("a")));
        Heard<PublishReceipt> second = Heard.of(desk.publisher.publish(message("b")));
        Heard<PublishReceipt> third = Heard.of(desk.publisher.publish(message("c")));
        second.cancel();
        assertThat(desk.publishing.waiting()).isEqualTo(1);
        desk.port.confirmHeld(0);
        desk.port.confirmHeld(1);

        assertThat(third.values()).hasSize(1);
        assertThat(desk.port.written).containsExactly("a", "c");
    }

    @Test
    void whatWasWrittenKeepsItsPlaceUntilItsAnswerWhichIsCounted() {
        desk.port.writesAndHolds();
        Heard<PublishReceipt> heard = Heard.of(desk.publisher.publish(message("a")));
        heard.cancel();
        assertThat(desk.publishing.inFlight()).isEqualTo(1);
        desk.port.confirmHeld(0);

        assertThat(desk.publishing.inFlight()).isZero();
        assertThat(heard.values()).isEmpty();
        assertThat(desk.recorder.confirmed).hasValue(1);
        assertThat(desk.recorder.count(Kind.LATE_ANSWER))
                .as("it was waited for")
                .isZero();
    }

    @Test
    void whatWasWrittenLosesItsPlaceAtTheTimeout() {
        desk.port.writesAndHolds();
        Heard.of(desk.publisher.publish(message("a"))).cancel();
        desk.pass(Duration.ofSeconds(5));

        assertThat(desk.publishing.inFlight()).isZero();
        assertThat(desk.recorder.failures).containsExactly(ErrorCode.PUBLISH_TIMEOUT);
    }

    @Test
    void nobodyRepeatsForNobody() {
        desk.port.writesAndHolds();
        Heard.of(desk.publisher.publish(message("a"))).cancel();
        desk.port.failHeld(0, ErrorCode.UNKNOWN);

        assertThat(desk.publishing.inFlight()).isZero();
        assertThat(desk.recorder.repeated).hasValue(0);
    }

    @Test
    void cancellingBetweenTwoWritingsTakesTheSecondBack() {
        desk.port.fails(ErrorCode.UNKNOWN);
        Heard<PublishReceipt> heard = Heard.of(desk.publisher.publish(message("a")));
        heard.cancel();
        desk.pass(Duration.ofSeconds(10));

        assertThat(desk.port.written).hasSize(1);
        assertThat(desk.publishing.inFlight()).isZero();
    }

    @Test
    void cancellingAfterTheEndDoesNothing() {
        Heard<PublishReceipt> heard = Heard.of(desk.publisher.publish(message("a")));
        heard.upstreamCancel();
        assertThat(desk.recorder.takenBack).hasValue(0);
        assertThat(desk.recorder.confirmed).hasValue(1);
    }

    @Test
    void cancellingWhatWasNeverAskedForWritesNothing() {
        Heard.of(desk.publisher.publish(message("a")), 0).cancel();
        assertThat(desk.port.handed).hasValue(0);
        assertThat(desk.publishing.inFlight()).isZero();
    }

    @Test
    @Scenario(5)
    void aCancelledSubscriberIsLetGoWhileTheAnswerIsOutstanding() throws Exception {
        desk.port.writesAndHolds();
        WeakReference<Object> captured = publishAndCancel();
        for (int i = 0; i < 50 && captured.get() != null; i++) {
            System.gc();
            // Garbage makes the collector look at the young generation as well.
            assertThat(new byte[1 << 20]).hasSize(1 << 20);
        }
        assertThat(captured.get()).as("what the subscriber held").isNull();
        assertThat(desk.publishing.inFlight()).isEqualTo(1);
        desk.port.confirmHeld(0);

        assertThat(desk.recorder.confirmed).hasValue(1);
    }

    private WeakReference<Object> publishAndCancel() {
        Object state = new byte[1000];
        Mono<PublishReceipt> mono = desk.publisher.publish(message("a"));
        Disposable disposable = mono.doOnNext(r -> assertThat(state).isNull()).subscribe();
        disposable.dispose();
        return new WeakReference<>(state);
    }
}
