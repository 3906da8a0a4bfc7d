package io.leasehold.publish;

import static io.leasehold.publish.PublishDesk.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.error.ErrorCode;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class PublishWindowTest {
    private final PublishDesk desk =
            PublishDesk.open(PublishSettings.builder().window(2).waiting(3));

    @Test
    void unconfirmedOnesNeverExceedTheWindow() {
        desk.port.writesAndHolds();
        List<Heard<PublishReceipt>> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(Heard.of(desk.publisher.publish(message("m" + i))));
        }
        assertThat(desk.port.written).hasSize(2);
        assertThat(desk.publishing.inFlight()).isEqualTo(2);
        assertThat(desk.publishing.waiting()).isEqualTo(3);
        for (int i = 0; i < 5; i++) {
            assertThat(desk.port.written).hasSizeBetween(2, i + 2);
            desk.port.confirmHeld(i);
        }

        assertThat(desk.port.written).containsExactly("m0", "m1", "m2", "m3", "m4");
        assertThat(all).allSatisfy(heard -> assertThat(heard.values()).hasSize(1));
    }

    @Test
    void whoeverComesWhenTooManyWaitIsRefusedAtOnce() {
        desk.port.writesAndHolds();
        for (int i = 0; i < 5; i++) {
            Heard.of(desk.publisher.publish(message("m" + i)));
        }
        Heard<PublishReceipt> sixth = Heard.of(desk.publisher.publish(message("m5")));
        assertThat(sixth.code()).isEqualTo(ErrorCode.WINDOW_FULL);
        assertThat(sixth.refusal().isUnknown()).isFalse();
        assertThat(desk.publishing.waiting()).isEqualTo(3);
        desk.port.confirmHeld(0);

        assertThat(Heard.of(desk.publisher.publish(message("m6"))).isOpen()).isTrue();
    }

    @Test
    void manyInOneFluxWaitOutsideOfThatBound() {
        desk.port.writesAndHolds();
        Heard<PublishResult> heard =
                Heard.of(desk.publisher.publishAll(Flux.range(0, 50).map(i -> message("m" + i))));
        for (int i = 0; heard.isOpen(); i++) {
            desk.port.confirmHeld(i);
        }

        assertThat(heard.values()).hasSize(50).allMatch(PublishResult::isConfirmed);
    }

    private static Message heavy(String id, int bytes) {
        return message(id).body(new byte[bytes]);
    }

    private static PublishDesk heavyDesk() {
        PublishDesk heavy =
                PublishDesk.open(PublishSettings.builder().window(64).windowBytes(10_000));
        heavy.port.writesAndHolds();
        return heavy;
    }

    @Test
    void bytesOfUnconfirmedOnesNeverExceedTheirBound() {
        PublishDesk heavy = heavyDesk();
        Heard<PublishResult> all =
                Heard.of(heavy.publisher.publishAll(Flux.range(0, 50).map(i -> heavy("m" + i, 3_000))));
        for (int i = 0; i < 50; i++) {
            assertThat(heavy.publishing.inFlight()).isBetween(1, 3);
            assertThat(heavy.port.written).hasSizeBetween(Math.min(50, i + 3), i + 3);
            heavy.port.confirmHeld(i);
        }

        assertThat(all.values()).hasSize(50).allMatch(PublishResult::isConfirmed);
        assertThat(heavy.publishing.inFlight()).isZero();
    }

    @Test
    void oneThatIsHeavierThanTheBoundGoesAlone() {
        PublishDesk heavy = heavyDesk();
        Heard<PublishReceipt> light = Heard.of(heavy.publisher.publish(message("light")));
        Heard<PublishReceipt> giant = Heard.of(heavy.publisher.publish(heavy("giant", 50_000)));
        Heard<PublishReceipt> last = Heard.of(heavy.publisher.publish(message("last")));

        assertThat(heavy.port.written).as("nobody overtakes").containsExactly("light");
        heavy.port.confirmHeld(0);
        assertThat(heavy.port.written).containsExactly("light", "giant");
        heavy.port.confirmHeld(1);
        heavy.port.confirmHeld(2);

        assertThat(List.of(light, giant, last)).allMatch(Heard::hasCompleted);
    }

    @Test
    void headersCountToo() {
        PublishDesk heavy = heavyDesk();
        String value = "\u00e9".repeat(3_000);

        Heard.of(heavy.publisher.publish(message("a").header("Of-6000-Bytes", value)));
        Heard.of(heavy.publisher.publish(message("b").header("Of-6000-Bytes", value)));

        assertThat(heavy.port.written).containsExactly("a");
    }

    @Test
    void placesSurviveWhateverHappens() {
        desk.port.does(item -> {
            switch (item.id().value().charAt(0)) {
                case 'c' -> desk.port.confirm(item);
                case 'f' -> item.failed(ScriptedPort.error(ErrorCode.REFUSED));
                case 'r' -> item.failed(ScriptedPort.error(ErrorCode.BROKER_FULL));
                case 't' -> item.tryWrite();
                case 'x' -> throw new IllegalStateException("port");
                default -> {}
            }
        });
        for (int i = 0; i < 1000; i++) {
            String kind = "cfrtxn".substring(i % 6, i % 6 + 1);
            Mono<PublishReceipt> mono = desk.publisher.publish(message(kind + i));
            Heard<PublishReceipt> heard = Heard.of(mono);
            if (i % 7 == 0) {
                heard.cancel();
            }
            desk.pass(Duration.ofMillis(100));
        }
        desk.pass(Duration.ofMinutes(1));

        assertThat(desk.publishing.inFlight()).isZero();
        assertThat(desk.publishing.waiting()).isZero();
        assertThat(desk.recorder.confirmed.get() + desk.recorder.failures.size() + desk.recorder.takenBack.get())
                .isEqualTo(1000);
    }
}
