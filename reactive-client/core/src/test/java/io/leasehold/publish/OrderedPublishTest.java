package io.leasehold.publish;

import static io.leasehold.publish.PublishDesk.keyed;
import static io.leasehold.publish.PublishDesk.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.message.PublishReceipt;
import io.leasehold.pace.RetryPolicy;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

class OrderedPublishTest {
    private final PublishDesk desk =
            PublishDesk.open(PublishSettings.builder().haltedKeysMax(2).retry(RetryPolicy.none()));
    private final MessagePublisher ordered = desk.publisher.ordered();

    @BeforeEach
    void holdAnswers() {
        desk.port.writesAndHolds();
    }

    private Heard<PublishReceipt> publish(String key, String id) {
        return Heard.of(ordered.publish(keyed(key, id)));
    }

    @Test
    void oneOfAKeyIsUnconfirmedAtATime() {
        Heard<PublishReceipt> a1 = publish("A", "a1");
        Heard<PublishReceipt> a2 = publish("A", "a2");
        Heard<PublishReceipt> b1 = publish("B", "b1");

        assertThat(desk.port.written).containsExactly("a1", "b1");
        assertThat(desk.publishing.waiting()).isEqualTo(1);
        desk.port.confirmHeld(0);
        assertThat(desk.port.written).containsExactly("a1", "b1", "a2");
        desk.port.confirmHeld(2);
        desk.port.confirmHeld(1);

        assertThat(a1.values()).hasSize(1);
        assertThat(a2.values()).hasSize(1);
        assertThat(b1.values()).hasSize(1);
        assertThat(desk.publishing.waiting()).isZero();
    }

    @Test
    void withoutAKeyOrWithoutOrderNothingWaits() {
        Heard.of(ordered.publish(message("x")));
        Heard.of(ordered.publish(message("y")));
        Heard.of(desk.publisher.publish(keyed("A", "a1")));
        Heard.of(desk.publisher.publish(keyed("A", "a2")));

        assertThat(desk.port.written).containsExactly("x", "y", "a1", "a2");
    }

    @Test
    void allOrderedPublishersOfAClientKeepTheSameOrder() {
        publish("A", "a1");
        Heard.of(desk.publisher.ordered().publish(keyed("A", "a2")));
        assertThat(desk.port.written).containsExactly("a1");
    }

    @Test
    void aFailedOneHaltsItsKeyUntilItIsResumedAndOthersGoOn() {
        Heard<PublishReceipt> a1 = publish("A", "a1");
        Heard<PublishReceipt> a2 = publish("A", "a2");
        Heard<PublishReceipt> a3 = publish("A", "a3");
        desk.port.failHeld(0, ErrorCode.REFUSED);
        assertThat(a1.code()).isEqualTo(ErrorCode.REFUSED);
        assertThat(a2.code()).isEqualTo(ErrorCode.KEY_HALTED);
        assertThat(a3.code()).isEqualTo(ErrorCode.KEY_HALTED);
        assertThat(a3.refusal().isUnknown()).isFalse();
        assertThat(publish("A", "a4").code()).isEqualTo(ErrorCode.KEY_HALTED);
        assertThat(publish("B", "b1").isOpen()).isTrue();
        assertThat(desk.publishing.haltedKeys()).isEqualTo(1);
        assertThat(desk.recorder.count(Kind.KEY_HALTED)).isEqualTo(1);

        ordered.resume("A");
        assertThat(desk.publishing.haltedKeys()).isZero();
        assertThat(publish("A", "a5").isOpen()).isTrue();
        assertThat(desk.port.written).containsExactly("a1", "b1", "a5");
    }

    @Test
    void resumingWhatIsNotHaltedDoesNothing() {
        publish("A", "a1");
        publish("A", "a2");
        ordered.resume("A");
        ordered.resume("never seen");
        assertThat(desk.port.written).containsExactly("a1");
        desk.port.confirmHeld(0);

        assertThat(desk.port.written).containsExactly("a1", "a2");
    }

    @Test
    void aTimeoutHaltsAsWellAndWhatWaitsBehindIsNotWritten() {
        Heard<PublishReceipt> a1 = publish("A", "a1");
        desk.pass(Duration.ofSeconds(1));
        Heard<PublishReceipt> a2 = publish("A", "a2");
        desk.pass(Duration.ofSeconds(4));

        assertThat(a1.code()).isEqualTo(ErrorCode.PUBLISH_TIMEOUT);
        assertThat(a2.code()).isEqualTo(ErrorCode.KEY_HALTED);
        assertThat(desk.port.written).containsExactly("a1");
    }

    @Test
    void oneThatFailsWhileItWaitsHaltsWhatIsBehindIt() {
        PublishDesk narrow = PublishDesk.open(PublishSettings.builder().waiting(1));
        narrow.port.writesAndHolds();
        MessagePublisher inOrder = narrow.publisher.ordered();
        Heard<PublishReceipt> a1 = Heard.of(inOrder.publish(keyed("A", "a1")));
        Heard<PublishReceipt> a2 = Heard.of(inOrder.publish(keyed("A", "a2")));
        Heard<PublishReceipt> a3 = Heard.of(inOrder.publish(keyed("A", "a3")));
        assertThat(a3.code()).isEqualTo(ErrorCode.WINDOW_FULL);
        assertThat(a2.isOpen()).as("it comes before the gap").isFalse();
        assertThat(Heard.of(inOrder.publish(keyed("A", "a4"))).code()).isEqualTo(ErrorCode.KEY_HALTED);
        narrow.port.confirmHeld(0);

        assertThat(a1.values()).hasSize(1);
    }

    @Test
    void oneThatIsRefusedWhereItIsCalledHaltsItsKeyLikeAnyFailure() {
        PublishDesk narrow =
                PublishDesk.open(PublishSettings.builder().window(2).waiting(0));
        narrow.port.writesAndHolds();
        MessagePublisher inOrder = narrow.publisher.ordered();
        Heard<PublishReceipt> a1 = Heard.of(inOrder.publish(keyed("A", "a1")));
        Heard.of(narrow.publisher.publish(message("x")));
        Heard<PublishReceipt> a2 = Heard.of(inOrder.publish(keyed("A", "a2")));
        Heard<PublishReceipt> unordered = Heard.of(narrow.publisher.publish(keyed("B", "b1")));
        assertThat(a2.code()).isEqualTo(ErrorCode.WINDOW_FULL);
        assertThat(unordered.code()).isEqualTo(ErrorCode.WINDOW_FULL);
        narrow.port.confirmHeld(0);
        narrow.port.confirmHeld(1);
        narrow.pass(Duration.ofMillis(1));
        assertThat(a1.values()).hasSize(1);

        assertThat(Heard.of(inOrder.publish(keyed("A", "a3"))).code()).isEqualTo(ErrorCode.KEY_HALTED);
        assertThat(narrow.publishing.haltedKeys()).isEqualTo(1);
        assertThat(narrow.recorder.count(Kind.KEY_HALTED)).isEqualTo(1);
        assertThat(Heard.of(inOrder.publish(keyed("B", "b2"))).isOpen()).isTrue();
        assertThat(narrow.port.written).containsExactly("a1", "x", "b2");

        inOrder.resume("A");
        assertThat(Heard.of(inOrder.publish(keyed("A", "a4"))).isOpen()).isTrue();
    }

    @Test
    void refusalsWhereTheyAreCalledHaltNoMoreKeysThanMayBe() {
        PublishDesk narrow =
                PublishDesk.open(PublishSettings.builder().window(1).waiting(0).haltedKeysMax(2));
        narrow.port.writesAndHolds();
        Heard.of(narrow.publisher.publish(message("x")));
        for (int i = 0; i < 1_000; i++) {
            Heard<PublishReceipt> refused = Heard.of(narrow.publisher.ordered().publish(keyed("key" + i, "m" + i)));
            assertThat(refused.code()).isEqualTo(ErrorCode.WINDOW_FULL);
        }

        assertThat(narrow.publishing.haltedKeys()).isEqualTo(2);
    }

    @Test
    void whatWasTakenBackUnwrittenHaltsNothing() {
        Heard<PublishReceipt> a1 = publish("A", "a1");
        Heard<PublishReceipt> a2 = publish("A", "a2");
        Heard<PublishReceipt> a3 = publish("A", "a3");

        a2.cancel();
        desk.port.confirmHeld(0);
        assertThat(desk.port.written).containsExactly("a1", "a3");
        desk.port.confirmHeld(1);

        assertThat(a1.values()).hasSize(1);
        assertThat(a3.values()).hasSize(1);
    }

    @Test
    void whatWasWrittenKeepsItsTurnAlthoughItsSubscriberLeft() {
        publish("A", "a1").cancel();
        Heard<PublishReceipt> a2 = publish("A", "a2");
        assertThat(desk.port.written).containsExactly("a1");
        desk.port.failHeld(0, ErrorCode.REFUSED);

        assertThat(a2.code()).isEqualTo(ErrorCode.KEY_HALTED);
    }

    @Test
    void aLostLeaseHaltsNothing() {
        Heard<PublishReceipt> lost = Heard.of(ordered.gated(() -> false).publish(keyed("A", "a1")));
        assertThat(lost.code()).isEqualTo(ErrorCode.LEASE_LOST);
        assertThat(publish("A", "a2").isOpen()).isTrue();
        assertThat(desk.port.written).containsExactly("a2");
    }

    @Test
    void whenTooManyKeysAreHaltedNoKeyGoesOn() {
        publish("A", "a1");
        publish("B", "b1");
        publish("C", "c1");
        desk.port.failHeld(0, ErrorCode.REFUSED);
        desk.port.failHeld(1, ErrorCode.REFUSED);
        assertThat(publish("D", "d1").code()).isEqualTo(ErrorCode.KEYS_HALTED);
        assertThat(publish("A", "a2").code()).isEqualTo(ErrorCode.KEY_HALTED);
        assertThat(Heard.of(ordered.publish(message("free"))).isOpen()).isTrue();
        desk.port.failHeld(2, ErrorCode.REFUSED);
        assertThat(desk.publishing.haltedKeys()).as("what was on its way").isEqualTo(3);
        ordered.resume("A");
        ordered.resume("B");

        assertThat(publish("D", "d2").isOpen()).isTrue();
    }

    @Test
    void keysThatAreDoneAreForgotten() {
        desk.port.confirms();
        for (int i = 0; i < 1000; i++) {
            publish("key" + i, "m" + i);
        }

        assertThat(desk.publishing.inFlight() + desk.publishing.waiting()).isZero();
    }

    @Test
    void publishAllKeepsTheOrderOfKeysAndOfResults() {
        Flux<io.leasehold.message.Message> source =
                Flux.just(keyed("A", "a1"), keyed("A", "a2"), keyed("B", "b1"), keyed("A", "a3"));
        Heard<PublishResult> heard = Heard.of(ordered.publishAll(source));
        assertThat(desk.port.written).containsExactly("a1", "b1");
        desk.port.failHeld(0, ErrorCode.REFUSED);
        desk.port.confirmHeld(1);

        assertThat(heard.values()).extracting(r -> r.id().value()).containsExactly("a1", "a2", "b1", "a3");
        assertThat(heard.values()).extracting(PublishResult::isConfirmed).containsExactly(false, false, true, false);
    }

    @Test
    void aLongLineOfOneKeyDoesNotNestTheStack() {
        desk.port.confirms();
        Flux<io.leasehold.message.Message> source = Flux.range(0, 100_000).map(i -> keyed("A", "a" + i));
        Heard<Long> confirmed = Heard.of(
                ordered.publishAll(source).filter(PublishResult::isConfirmed).count());
        assertThat(confirmed.values()).containsExactly(100_000L);
    }
}
