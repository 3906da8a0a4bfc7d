package io.leasehold.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.Recorder;
import io.leasehold.lease.Ticker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * What a link does for a protocol that is none of ours, one letter to a message: the server says {@code h}, and {@code
 * a} for each {@code p}.
 */
class LinkTest {
    private static final Timeouts TIMEOUTS = Timeouts.defaults(TestLoop.PROTOCOL);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final ConnectionLoop loop = new ConnectionLoop(
            TestLoop.PROTOCOL,
            new ConnectionContext("tester", new Ticker(time), time, Schedulers.immediate(), Recorder.NONE),
            LinkTest::noThreads,
            Runnable::run,
            false);
    private final OutboundQueue queue = new OutboundQueue(1_000_000, loop, this::drain);
    private final Letters link = new Letters(loop);
    private final EmbeddedChannel channel = new EmbeddedChannel(link);

    private static EventLoopGroup noThreads(boolean useNative) {
        throw new UnsupportedOperationException("nothing is connected here");
    }

    private void drain() {
        if (link.isUp()) {
            queue.drain(link);
        }
    }

    /** The link of that protocol. */
    private static final class Letters extends Link {
        private final StringBuilder heard = new StringBuilder();
        private final List<ErrorCode> ends = new ArrayList<>();

        Letters(ConnectionLoop loop) {
            super(
                    loop,
                    new TcpConnector(
                            loop,
                            TlsSettings.defaults(TestLoop.PROTOCOL),
                            TIMEOUTS,
                            new ServerPool.Entry(new ServerAddress("one", 1, false), "one", false),
                            1,
                            false),
                    new RoundTrip());
        }

        @Override
        protected void read(ByteBuf bytes) {
            while (bytes.isReadable() && !isOver()) {
                char letter = (char) bytes.readByte();
                heard.append(letter);
                switch (letter) {
                    case 'h' -> up();
                    case 'a' -> answered();
                    default -> misplaced("a letter");
                }
            }
        }

        @Override
        protected void readyForMore() {}

        @Override
        protected void secured() {}

        @Override
        protected void encodePing(ByteBuf out) {
            out.writeByte('p');
        }

        @Override
        protected void ended(MessagingException reason) {
            ends.add(reason.code());
        }
    }

    /** One letter to be written. */
    private static final class Letter extends Outbound {
        private final char letter;
        private final boolean passes;

        Letter(char letter, boolean passes) {
            this.letter = letter;
            this.passes = passes;
        }

        @Override
        protected int sizeBytes() {
            return 1;
        }

        @Override
        protected boolean tryWrite() {
            return passes;
        }

        @Override
        protected void emit(Link link, ByteBuf out, long now) {
            if (tryWrite()) {
                out.writeByte(letter);
            }
        }

        @Override
        protected void refused(MessagingException why) {}
    }

    @AfterEach
    void leave() {
        channel.finishAndReleaseAll();
        time.dispose();
    }

    private void read(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    private String written() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf each = channel.readOutbound(); each != null; each = channel.readOutbound()) {
            text.append(each.toString(StandardCharsets.US_ASCII));
            each.release();
        }
        return text.toString();
    }

    @Test
    void whatWasGivenBeforeIsWrittenInOneBufferWhenTheLinkIsUp() {
        queue.give(new Letter('x', true));
        queue.give(new Letter('y', false));
        queue.give(new Letter('z', true));
        assertThat(written()).isEmpty();

        read("h");
        drain();

        ByteBuf only = channel.readOutbound();
        assertThat(only.toString(StandardCharsets.US_ASCII)).isEqualTo("xz");
        only.release();
        assertThat(written()).isEmpty();
        assertThat(queue.pendingBytes()).isZero();
    }

    @Test
    void aServerThatDoesNotAnswerIsGivenUp() {
        read("h");

        time.advanceTimeBy(TIMEOUTS.pingEvery());
        assertThat(written()).isEqualTo("p");
        // And what a letter takes a slow line.
        time.advanceTimeBy(TIMEOUTS.pongTimeout().plusMillis(1));
        assertThat(link.ends).isEmpty();
        time.advanceTimeBy(TIMEOUTS.pongTimeout().dividedBy(4));

        assertThat(link.ends).containsExactly(ErrorCode.DISCONNECTED);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aServerThatAnswersIsKept() {
        read("h");

        for (int i = 0; i < 100; i++) {
            time.advanceTimeBy(TIMEOUTS.pingEvery());
            read("a".repeat(written().length()));
        }

        assertThat(link.isUp()).isTrue();
    }

    @Test
    void whatComesBehindTheEndIsNotHeard() {
        read("h");

        read("?a");
        channel.pipeline().fireChannelRead(Unpooled.copiedBuffer("a", StandardCharsets.US_ASCII));

        assertThat(link.heard).hasToString("h?");
        assertThat(link.ends).containsExactly(ErrorCode.PROTOCOL);
    }

    @Test
    void whoWaitsForAnAnswerHearsOfItOrOfTheEnd() {
        read("h");
        Sinks.Empty<Void> first = Sinks.empty();
        Sinks.Empty<Void> second = Sinks.empty();
        Heard<Void> one = Heard.of(first.asMono());
        Heard<Void> two = Heard.of(second.asMono());
        ByteBuf out = link.allocate(2);
        link.ping(out, first);
        link.ping(out, second);
        link.write(out);
        link.flush();

        read("a");
        link.end(new MessagingException(ErrorCode.CLOSED, "the end", "test", "nothing"), false);

        assertThat(one.hasCompleted()).isTrue();
        assertThat(two.code()).isEqualTo(ErrorCode.CLOSED);
        assertThat(link.ends).containsExactly(ErrorCode.CLOSED);
    }

    @Test
    void aBufferThatIsWrittenBehindTheEndIsReleased() {
        read("h");
        ByteBuf late = link.allocate(1).writeByte('x');
        link.end(new MessagingException(ErrorCode.CLOSED, "the end", "test", "nothing"), true);

        link.write(late);

        assertThat(late.refCnt()).isZero();
        assertThat(written()).isEmpty();
    }
}
