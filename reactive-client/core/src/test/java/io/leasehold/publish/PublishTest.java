package io.leasehold.publish;

import static io.leasehold.publish.PublishDesk.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.Scenario;
import io.leasehold.broker.PublishItem;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.lease.Ticker;
import io.leasehold.message.Codec;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.pace.TaskLoops;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class PublishTest {
    private final PublishDesk desk = PublishDesk.open();

    @Test
    void nothingHappensBeforeItIsSubscribedAndAskedFor() {
        Mono<PublishReceipt> mono = desk.publisher.publish(message("a"));
        assertThat(desk.port.handed).hasValue(0);
        Heard<PublishReceipt> heard = Heard.of(mono, 0);
        assertThat(desk.port.handed).hasValue(0);
        heard.request(1);

        assertThat(heard.values()).hasSize(1);
    }

    @Test
    void aConfirmedMessageGivesItsReceipt() {
        Heard<PublishReceipt> heard = Heard.of(desk.publisher.publish(message("a")));

        assertThat(heard.values())
                .containsExactly(new PublishReceipt(message("a").id().get(), "test.topic", 1, false));
        assertThat(heard.hasCompleted()).isTrue();
        assertThat(desk.recorder.confirmed).hasValue(1);
        assertThat(desk.publishing.inFlight()).isZero();
    }

    @Test
    void aDuplicateIsAReceiptThatSaysSo() {
        desk.port.does(item -> item.confirmed(7, item.tryWrite()));
        assertThat(Heard.of(desk.publisher.publish(message("a"))).values())
                .extracting(PublishReceipt::duplicate)
                .containsExactly(true);
    }

    @Test
    @Scenario(18)
    void anAnswerWithinTheCallCompletesTheRightMono() {
        desk.port.does(item -> {
            Heard<PublishReceipt> inner = new NestedPublish(desk, item).run();
            assertThat(inner.values()).as("its turn comes later").isEmpty();
        });
        Heard<PublishReceipt> outer = Heard.of(desk.publisher.publish(message("outer")));

        assertThat(outer.values()).extracting(r -> r.id().value()).containsExactly("outer");
        assertThat(NestedPublish.last.values()).extracting(r -> r.id().value()).containsExactly("inner");
    }

    private record NestedPublish(PublishDesk desk, PublishItem item) {
        static Heard<PublishReceipt> last;

        Heard<PublishReceipt> run() {
            item.tryWrite();
            item.confirmed(1, false);
            desk.port.confirms();
            last = Heard.of(desk.publisher.publish(message("inner")));
            return last;
        }
    }

    @Test
    void anErrorNamesTheMessageAndSaysWhetherItMayBeStored() {
        desk.port.fails(ErrorCode.NO_GROUP);
        Heard<PublishReceipt> heard = Heard.of(desk.publisher.publish(message("a")));

        assertThat(heard.code()).isEqualTo(ErrorCode.NO_GROUP);
        assertThat(heard.refusal().id().value()).isEqualTo("a");
        assertThat(heard.refusal().topic()).isEqualTo("test.topic");
        assertThat(heard.refusal().isUnknown()).isFalse();
        assertThat(heard.refusal())
                .hasMessageContaining("message a to test.topic")
                .hasMessageContaining("not stored");
        assertThat(heard.refusal().getCause()).isInstanceOf(MessagingException.class);
        assertThat(heard.refusal().getStackTrace()).isEmpty();
        assertThat(desk.recorder.failures).containsExactly(ErrorCode.NO_GROUP);
    }

    @Test
    void aPortThatThrowsIsAFaultAndAnAnswer() {
        desk.port.does(item -> {
            throw new IllegalStateException("port");
        });
        Heard<PublishReceipt> heard = Heard.of(desk.publisher.publish(message("a")));

        assertThat(heard.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(desk.recorder.faults).hasSize(1);
    }

    @Test
    void aSecondAnswerIsCountedAndTouchesNothing() {
        desk.port.writesAndHolds();
        Heard<PublishReceipt> heard = Heard.of(desk.publisher.publish(message("a")));
        desk.port.confirmHeld(0);
        desk.port.confirmHeld(0);
        desk.port.failHeld(0, ErrorCode.REFUSED);

        assertThat(heard.values()).hasSize(1);
        assertThat(heard.ends()).isEqualTo(1);
        assertThat(desk.recorder.count(Kind.LATE_ANSWER)).isEqualTo(2);
        assertThat(desk.publishing.inFlight()).isZero();
    }

    @Test
    void aMessageWithoutAnIdGetsOneOfItsOwn() {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            Heard<PublishReceipt> heard = Heard.of(desk.publisher.publish(Message.to("test.topic")));
            ids.add(heard.values().get(0).id().value());
        }

        assertThat(ids).hasSize(1000).allMatch(id -> id.matches("[0-9a-v]{13}-[0-9a-v]{1,2}"));
    }

    @Test
    void subscribingAgainPublishesUnderTheSameId() {
        desk.port.fails(ErrorCode.REFUSED);
        Heard.of(desk.publisher.publish(Message.to("test.topic")).retry(2));
        assertThat(desk.port.written).hasSize(3);
        assertThat(Set.copyOf(desk.port.written)).hasSize(1);
    }

    @Test
    void twoPublishersDoNotShareIds() {
        Set<String> prefixes = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            prefixes.add(new Ids().next().value());
        }

        assertThat(prefixes).hasSize(50);
    }

    @Test
    void aValueIsEncodedByTheCodecOfItsType() {
        desk.port.writesAndHolds();
        Heard.of(desk.publisher.publish(Message.to("test.topic"), "text"));
        assertThat(desk.port.held.get(0).message().text()).isEqualTo("text");
    }

    @Test
    void aValueWithoutACodecOrWithAFailingOneIsNotWritten() {
        Heard<PublishReceipt> missing = Heard.of(desk.publisher.publish(Message.to("test.topic"), 42));
        assertThat(MessagingException.codeOf(missing.error())).isEqualTo(ErrorCode.CODEC_MISSING);

        Heard<PublishReceipt> failing = Heard.of(withCodec().publish(Message.to("test.topic"), 42));
        assertThat(MessagingException.codeOf(failing.error())).isEqualTo(ErrorCode.ENCODE_FAILED);
        assertThat(desk.port.handed).hasValue(0);
    }

    private MessagePublisher withCodec() {
        Codec<Integer> broken = new Codec<>() {
            @Override
            public byte[] encode(Integer value) {
                throw new ArithmeticException("no");
            }

            @Override
            public Integer decode(Message message) {
                return 0;
            }
        };
        return Publishing.open(new PublishContext(
                        desk.port,
                        PublishSettings.defaults(),
                        Codecs.of(Integer.class, broken),
                        new Ticker(desk.time),
                        desk.time,
                        new TaskLoops(desk.time, 1, desk.recorder::fault),
                        desk.recorder,
                        List.of()))
                .publisher();
    }

    @Test
    void aGateIsAskedBeforeEachWriting() {
        boolean[] open = {true};
        int[] asked = {0};
        MessagePublisher gated = desk.publisher.gated(() -> {
            asked[0]++;
            return open[0];
        });
        Heard<PublishReceipt> first = Heard.of(gated.publish(message("a")));

        open[0] = false;
        Heard<PublishReceipt> second = Heard.of(gated.publish(message("b")));

        assertThat(asked[0]).isEqualTo(2);
        assertThat(first.values()).hasSize(1);
        assertThat(second.code()).isEqualTo(ErrorCode.LEASE_LOST);
        assertThat(second.refusal().isUnknown()).isFalse();
        assertThat(desk.port.written).containsExactly("a");
        assertThat(desk.publishing.inFlight()).isZero();
    }

    @Test
    void aLeaseLostBetweenTwoWritingsLeavesItUnknown() {
        boolean[] open = {true};
        desk.port.writesAndHolds();
        Heard<PublishReceipt> heard =
                Heard.of(desk.publisher.gated(() -> open[0]).gated(() -> true).publish(message("a")));
        open[0] = false;

        assertThat(desk.port.held.get(0).tryWrite()).isFalse();
        assertThat(heard.code()).isEqualTo(ErrorCode.LEASE_LOST);
        assertThat(heard.refusal().isUnknown()).isTrue();
    }

    @Test
    void badDemandIsAnErrorOfTheSubscriber() {
        desk.port.writesAndHolds();
        Heard<PublishReceipt> heard = Heard.of(desk.publisher.publish(message("a")), 0);
        heard.upstreamRequest(-1);

        assertThat(heard.error()).isInstanceOf(IllegalArgumentException.class);
        assertThat(desk.port.handed).hasValue(0);
    }
}
