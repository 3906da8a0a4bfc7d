package io.leasehold.nats.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.Scenario;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server says, however its bytes are split, and what is no server's. */
class FrameDecoderTest {
    private static final String STREAM = "INFO {\"server_id\":\"N\",\"headers\":true} \r\n"
            + "PING\r\npong\r\n+OK\r\n-ERR 'Permissions Violation for Publish to \"a b\"'\r\n"
            + "MSG quakes.nc 7 5\r\nhello\r\n"
            + "msg\tquakes.nc  \t 7 _INBOX.a.1 0\r\n\r\n"
            + "HMSG q 900000001 $JS.ACK.s.c.1.2.3.4.5 28 35\r\nNATS/1.0\r\nA: 1\r\na:2 \r\n b\r\n\r\n\r\nbody\r\r\n"
            + "HMSG _INBOX.x 1 28 28\r\nNATS/1.0 408 Interest  X\r\n\r\n\r\n"
            + "MSG q 1 12\r\nMSG q 1 0\r\n\n\r\n";

    private static final List<String> FRAMES = List.of(
            "INFO {\"server_id\":\"N\",\"headers\":true}",
            "PING",
            "PONG",
            "-ERR Permissions Violation for Publish to \"a b\"",
            "MSG quakes.nc 7 [] 0[] hello",
            "MSG quakes.nc 7 [_INBOX.a.1] 0[] ",
            "MSG q 900000001 [$JS.ACK.s.c.1.2.3.4.5] 0[A, 1, a, 2 ] \r\nbody\r",
            "MSG _INBOX.x 1 [] 408[] ",
            "MSG q 1 [] 0[] MSG q 1 0\r\n\n");

    private final HeardFrames heard = new HeardFrames();
    private final FrameDecoder decoder = new FrameDecoder(DecoderLimits.defaults(), heard);

    private static ByteBuf bytes(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void decode(String text) {
        decoder.decode(bytes(text));
    }

    @Test
    void framesAreFoundInOneBuffer() {
        decode(STREAM);
        assertThat(heard.lines).isEqualTo(FRAMES);
    }

    @Test
    @Scenario(21)
    void framesAreFoundWhereverTheBytesAreSplitInTwo() {
        for (int i = 0; i <= STREAM.length(); i++) {
            HeardFrames each = new HeardFrames();
            FrameDecoder fresh = new FrameDecoder(DecoderLimits.defaults(), each);
            fresh.decode(bytes(STREAM.substring(0, i)));
            fresh.decode(bytes(STREAM.substring(i)));
            assertThat(each.lines).as("split at %d", i).isEqualTo(FRAMES);
        }
    }

    @Test
    @Scenario(21)
    void framesAreFoundByteByByte() {
        STREAM.chars().forEach(letter -> decode(Character.toString(letter)));
        assertThat(heard.lines).isEqualTo(FRAMES);
    }

    static Stream<String> wrong() {
        return Stream.of(
                "HTTP/1.1 400 Bad Request\r\n",
                "\r\n",
                "PING\n",
                "MSG q 1\r\n",
                "MSG q 1 r 2 3\r\n",
                "MSG q\rPUB 1 3\r\n",
                "MSG q 1 r\0s 3\r\n",
                "HMSG \u001bq 1 12 12\r\n",
                "MSG q x 3\r\n",
                "MSG q 1 -3\r\n",
                "MSG q 1 99999999999\r\n",
                "MSG q 1 2147483648\r\n",
                "MSG q 1 67108865\r\n",
                "MSGS q 1 0\r\n",
                "HMSG q 1 13 12\r\n",
                "HMSG q 1 12\r\n",
                "MSG q 1 2\r\nabc\r\n",
                "MSG q 1 2\r\nab\n\n",
                "MSG q 1 2\r\nab\r\r",
                "PINGS\r\n",
                "INFOX {}\r\n");
    }

    @ParameterizedTest
    @MethodSource("wrong")
    @Scenario(21)
    void whatNoServerSaysIsRefusedForGood(String text) {
        assertThatThrownBy(() -> decode(text)).satisfies(FrameDecoderTest::isProtocolError);
        assertThatThrownBy(() -> decode("PING\r\n")).satisfies(FrameDecoderTest::isProtocolError);
        assertThat(heard.lines).isEmpty();
    }

    private static void isProtocolError(Throwable error) {
        assertThat(MessagingException.codeOf(error)).isEqualTo(ErrorCode.PROTOCOL);
    }

    @Test
    void whetherAFrameIsBegunIsKnown() {
        assertThat(decoder.isBetweenFrames()).isTrue();
        for (String part : List.of("PI", "NG\r", "\nMSG q 1 1\r\n", "x", "\r")) {
            decode(part);
            assertThat(decoder.isBetweenFrames()).as(part).isFalse();
        }
        decode("\n");

        assertThat(decoder.isBetweenFrames()).isTrue();
    }

    @Test
    void aLineWithoutEndIsRefusedAtItsLimit() {
        decode("INFO " + "x".repeat(65_000));
        assertThatThrownBy(() -> decode("x".repeat(1_000))).satisfies(FrameDecoderTest::isProtocolError);
    }

    @Test
    void whatTheSinkThrowsLosesNoOtherFrame() {
        FrameDecoder throwing = new FrameDecoder(DecoderLimits.defaults(), new ThrowingOnce(heard));
        ByteBuf stream = bytes(STREAM);
        int thrown = 0;

        while (stream.isReadable()) {
            try {
                throwing.decode(stream);
            } catch (IllegalStateException once) {
                thrown++;
            }
        }

        assertThat(thrown).isEqualTo(FRAMES.size());
        assertThat(heard.lines).isEqualTo(FRAMES);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    @Scenario(21)
    void anyBytesEndInFramesOrInOneError(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            FrameDecoder fresh = new FrameDecoder(
                    DecoderLimits.builder().lineBytes(4_096).messageBytes(1_024).build(), heard);
            ByteBuf stream = mutated(random);
            try {
                while (stream.isReadable()) {
                    fresh.decode(stream.readSlice(1 + random.nextInt(stream.readableBytes())));
                }
            } catch (MessagingException error) {
                assertThat(error.code()).as("seed %d, round %d", seed, round).isEqualTo(ErrorCode.PROTOCOL);
            }
        }
    }

    private static ByteBuf mutated(Random random) {
        byte[] stream = STREAM.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = random.nextInt(4); i >= 0; i--) {
            stream[random.nextInt(stream.length)] = (byte) random.nextInt(256);
        }
        int from = random.nextInt(8) == 0 ? random.nextInt(stream.length) : 0;
        return Unpooled.wrappedBuffer(stream, from, stream.length - from);
    }

    @Test
    void whatIsEncodedIsDecodedAgain() {
        ByteBuf out = Unpooled.buffer();
        byte[] header = HeaderBlock.of(Headers.none().with("Nats-Msg-Id", "a b").with("x", ""));
        byte[] body = "body".getBytes(StandardCharsets.US_ASCII);

        FrameEncoder.publish(out, Subject.of("q.a"), FrameEncoder.ascii("r"), header, body);
        FrameEncoder.publish(out, Subject.of("q.b"), null, null, body);
        FrameEncoder.ping(out);
        FrameEncoder.pong(out);
        String written = out.toString(StandardCharsets.US_ASCII)
                .replace("HPUB q.a r", "HMSG q.a 1 r")
                .replace("PUB q.b", "MSG q.b 2");
        decode(written);

        assertThat(heard.lines)
                .containsExactly(
                        "MSG q.a 1 [r] 0[Nats-Msg-Id, a b, x, ] body", "MSG q.b 2 [] 0[] body", "PING", "PONG");
    }

    @Test
    @Scenario(22)
    void aBodyThatIsKeptStaysAsItCameWhenTheBufferIsUsedAgain() {
        ByteBuf buffer = bytes("MSG q 1 5\r\nfirst\r\n");
        decoder.decode(buffer);

        buffer.setZero(0, buffer.capacity());
        decode("MSG q 1 5\r\nother\r\n");

        assertThat(heard.bodies)
                .extracting(body -> new String(body, StandardCharsets.ISO_8859_1))
                .containsExactly("first", "other");
    }

    @Test
    void aMessageOfNothingButHeadersCostsLittle() {
        String lines = "a:1\r\n".repeat(1_000_000);
        int bytes = "NATS/1.0\r\n".length() + lines.length() + 2;
        decode("HMSG q 1 " + bytes + " " + bytes + "\r\nNATS/1.0\r\n" + lines + "\r\n\r\n");

        assertThat(heard.lines).hasSize(1);
        assertThat(heard.lines.get(0)).hasSizeLessThan(100_000);
    }

    @Test
    void subscriptionsAreWrittenAsTheProtocolSays() {
        ByteBuf out = Unpooled.buffer();
        FrameEncoder.subscribe(out, Subject.filter("a.>"), null, 10);
        FrameEncoder.subscribe(out, Subject.filter("a.*"), Subject.queue("g"), 123_456_789);
        FrameEncoder.unsubscribe(out, 10, 0);
        FrameEncoder.unsubscribe(out, 9, 100);
        FrameEncoder.connect(out, FrameEncoder.ascii("{}"));

        assertThat(out.toString(StandardCharsets.US_ASCII))
                .isEqualTo("SUB a.> 10\r\nSUB a.* g 123456789\r\nUNSUB 10\r\nUNSUB 9 100\r\nCONNECT {}\r\n");
    }

    /** Passes each frame on and throws. */
    private record ThrowingOnce(FrameSink to) implements FrameSink {
        @Override
        public void info(byte[] json) {
            to.info(json);
            throw new IllegalStateException("info");
        }

        @Override
        public void message(MessageFrame frame) {
            to.message(frame);
            throw new IllegalStateException("message");
        }

        @Override
        public void ping() {
            to.ping();
            throw new IllegalStateException("ping");
        }

        @Override
        public void pong() {
            to.pong();
            throw new IllegalStateException("pong");
        }

        @Override
        public void error(String text) {
            to.error(text);
            throw new IllegalStateException("error");
        }
    }
}
