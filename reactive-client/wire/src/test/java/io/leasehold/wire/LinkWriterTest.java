package io.leasehold.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Buffers are handed over or released, and it is known for how long the oldest has been waiting. */
class LinkWriterTest {
    private final TestLoop loop = new TestLoop();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Progress progress = new Progress();
    private final LinkWriter writer = new LinkWriter(channel, loop.loop, progress, () -> {});

    @AfterEach
    void leave() {
        channel.finishAndReleaseAll();
        loop.close();
    }

    @Test
    void anEmptyBufferIsReleased() {
        ByteBuf empty = writer.allocate(0);
        writer.write(empty);
        assertThat(empty.refCnt()).isZero();
        assertThat(writer.isWaiting()).isFalse();
    }

    @Test
    void aBufferWaitsSinceItWasWrittenUntilItLeaves() {
        long written = loop.loop.nanos();
        writer.write(writer.allocate(10).writeByte(1));
        loop.time.advanceTimeBy(Duration.ofSeconds(1));
        writer.write(writer.allocate(10).writeByte(2));
        assertThat(writer.isWaiting()).isTrue();
        assertThat(writer.waitingSince()).isEqualTo(written);
        writer.flush();
        assertThat(writer.isWaiting()).isFalse();
        ByteBuf first = channel.readOutbound();
        assertThat(first.readByte()).isEqualTo((byte) 1);
        first.release();
    }

    @Test
    void whatIsLargeLeavesInPieces() {
        writer.write(writer.allocate(10).writeZero(1_000_000));
        assertThat(progress.written()).isEqualTo(1_000_000);
        writer.flush();
        assertThat(progress.left()).isEqualTo(1_000_000);
        int bytes = 0;
        for (ByteBuf piece = channel.readOutbound(); piece != null; piece = channel.readOutbound()) {
            assertThat(piece.readableBytes()).isLessThanOrEqualTo(2 * LinkWriter.BUFFER_BYTES);
            bytes += piece.readableBytes();
            piece.release();
        }

        assertThat(bytes).isEqualTo(1_000_000);
        assertThat(writer.isWaiting()).isFalse();
    }

    @Test
    void whatFillsTheChannelHalfwayIsFlushedToItsEnd() {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(100_000, 200_000));
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelWritabilityChanged(ChannelHandlerContext context) {
                writer.flush();
            }
        });

        writer.write(writer.allocate(10).writeZero(1_000_000));
        writer.flush();

        assertThat(progress.left()).isEqualTo(1_000_000);
        assertThat(writer.isWaiting()).isFalse();
    }

    private void writeLittle() {
        if (writer.isWritable()) {
            writer.write(writer.allocate(10).writeBytes("little".getBytes(StandardCharsets.US_ASCII)));
            writer.flush();
        }
    }

    @Test
    void nothingIsWrittenInTheMidstOfWhatIsLargeThoughTheChannelHasRoomAgain() {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(100_000, 200_000));
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelWritabilityChanged(ChannelHandlerContext context) {
                writeLittle();
                writer.flush();
            }
        });

        writer.write(writer.allocate(10).writeZero(1_000_000));
        writeLittle();

        StringBuilder sent = new StringBuilder();
        for (ByteBuf piece = channel.readOutbound(); piece != null; piece = channel.readOutbound()) {
            sent.append(piece.toString(StandardCharsets.US_ASCII));
            piece.release();
        }
        assertThat(sent.indexOf("little")).isEqualTo(1_000_000);
    }

    // Between its close and what it tells of that, whoever wants it aborted may come.
    @Test
    void whatIsClosedAlreadyIsAbortedLikeAnythingElse() {
        channel.close();
        writer.close(true);

        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void whatCannotThrowAwayWhatItHoldsIsClosedAllTheSame() {
        AtomicBoolean asked = new AtomicBoolean();
        EmbeddedChannel gone = new EmbeddedChannel(new ChannelInboundHandlerAdapter()) {
            @Override
            public ChannelConfig config() {
                return new DefaultChannelConfig(this) {
                    @Override
                    public <T> boolean setOption(ChannelOption<T> option, T value) {
                        asked.set(true);
                        throw new ChannelException("the kernel does not want to");
                    }
                };
            }
        };
        new LinkWriter(gone, loop.loop, progress, () -> {}).close(true);

        assertThat(asked).isTrue();
        assertThat(gone.isOpen()).isFalse();
    }
}
