package io.leasehold.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.consume.Delivery;
import io.leasehold.consume.Disposition;
import io.leasehold.consume.Outcome;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleVerb;
import io.leasehold.message.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class TestDeliveryTest {
    private record Order(String id) {}

    private static final class Listener {
        private final List<String> billed = new ArrayList<>();
        private int cancels;

        Mono<Void> bill(Delivery<Order> delivery) {
            return delivery.publish(
                            "billed",
                            Message.to("orders.billed").body(delivery.body().id()))
                    .then(Mono.delay(Duration.ofMinutes(1)))
                    .then(Mono.<Void>fromRunnable(
                            () -> billed.add(delivery.body().id())))
                    .doOnCancel(() -> cancels++);
        }
    }

    private final Listener listener = new Listener();

    private static Outcome.Kind kind(Outcome outcome) {
        return outcome.kind();
    }

    @Test
    void aHandlerThatCompletesAcks() {
        try (TestDelivery<Order> test = TestDelivery.of(new Order("42"))) {
            Mono<Outcome> outcome = test.handle(listener::bill);
            assertThat(test.settled()).isEmpty();
            test.pass(Duration.ofMinutes(1));

            assertThat(test.settled()).contains(SettleVerb.ACK);
            assertThat(test.published()).extracting(Message::text).containsExactly("42");
            assertThat(listener.billed).containsExactly("42");
            StepVerifier.create(outcome.map(TestDeliveryTest::kind))
                    .expectNext(Outcome.Kind.ACKED)
                    .verifyComplete();
        }
    }

    @Test
    void aHandlerThatFailsOrDecidesOtherwiseIsSettledSo() {
        try (TestDelivery<String> test = TestDelivery.of("a")) {
            test.handle(delivery -> {
                throw new IllegalStateException("no");
            });

            assertThat(test.settled()).contains(SettleVerb.NAK);
        }
        try (TestDelivery<String> test = TestDelivery.of("a")) {
            test.handle(delivery -> Mono.just(Disposition.terminate("of no use")));

            assertThat(test.settled()).contains(SettleVerb.TERMINATE);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = LeaseLoss.class,
            names = {"CLOSED", "RUN_OUT"},
            mode = EnumSource.Mode.EXCLUDE)
    void aHandlerThatLosesItsLeaseIsCancelledHoweverItIsLost(LeaseLoss loss) {
        try (TestDelivery<Order> test = TestDelivery.of(new Order("42"))) {
            Mono<Outcome> outcome =
                    test.handle(delivery -> listener.bill(delivery).then(Mono.never()));
            test.lose(loss);

            assertThat(test.lost()).contains(loss);
            assertThat(test.settled()).isEmpty();
            assertThat(listener.cancels).isEqualTo(loss == LeaseLoss.MAX_HOLD ? 0 : 1);
            StepVerifier.create(outcome.map(Outcome::loss)).expectNext(loss).verifyComplete();
            StepVerifier.create(test.delivery().lease().check()).expectError().verify();
        }
    }

    @Test
    void aDeliveryIsHeldAndExtendedWithoutWorkAndMayBeSettledByItsLease() {
        try (TestDelivery<String> test = TestDelivery.of("a")) {
            test.pass(Duration.ofMinutes(2));
            assertThat(test.delivery().lease().isHeld()).isTrue();

            test.delivery().lease().ack().subscribe();

            assertThat(test.settled()).contains(SettleVerb.ACK);
            assertThatThrownBy(() -> test.lose(LeaseLoss.EXPIRED)).isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void theMessageAndTheLeaseAreRealOnes() {
        Message message = Message.to("orders.created")
                .id("42")
                .key("customer 7")
                .header("source", "web")
                .body("the bytes");
        try (TestDelivery<Order> test = TestDelivery.of(message, new Order("42"))) {
            Delivery<Order> delivery = test.delivery();

            assertThat(delivery.body()).isEqualTo(new Order("42"));
            assertThat(delivery.message().text()).isEqualTo("the bytes");
            assertThat(delivery.key()).contains("customer 7");
            assertThat(delivery.headers().first("source")).contains("web");
            assertThat(delivery.deliveryCount()).isEqualTo(1);
            assertThat(delivery.lease().fencingToken().map(FencingToken::text).filter(Objects::nonNull))
                    .isPresent();
        }
    }

    @Test
    void workThatGoesOnAtTheEndFails() {
        TestDelivery<String> test = TestDelivery.of("a");
        test.handle(delivery -> Mono.never());

        assertThatThrownBy(test::close).isInstanceOf(AssertionError.class).hasMessageContaining("STARTED");
    }

    @ParameterizedTest
    @EnumSource(
            value = LeaseLoss.class,
            names = {"CLOSED", "RUN_OUT"})
    void whatAClientDoesByItselfIsRefused(LeaseLoss loss) {
        try (TestDelivery<String> test = TestDelivery.of("a")) {
            assertThatThrownBy(() -> test.lose(loss)).isInstanceOf(IllegalArgumentException.class);
            assertThat(test.delivery().lease().isHeld()).isTrue();
        }
    }
}
