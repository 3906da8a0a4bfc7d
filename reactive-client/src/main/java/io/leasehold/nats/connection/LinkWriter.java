package io.leasehold.nats.connection;

import io.leasehold.nats.protocol.FrameEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import java.util.ArrayDeque;
import java.util.Deque;

/** Hands buffers to a channel, and knows since when the oldest of them has been trying to leave. */
final class LinkWriter implements ChannelFutureListener {
    /** A buffer is handed to the channel when it holds so much. */
    static final int BUFFER_BYTES = 64 * 1_024;

    private static final int SPARE_BYTES = 1_024;
    private static final int PONGS_MAX = 64;

    private final Channel channel;
    private final Home home;
    private final Deque<Long> since = new ArrayDeque<>();
    private boolean unflushed;
    private int owedPongs;

    LinkWriter(Channel channel, Home home) {
        this.channel = channel;
        this.home = home;
    }

    Channel channel() {
        return channel;
    }

    /** Below the high-water mark. */
    boolean isWritable() {
        return channel.isWritable();
    }

    /** Room for about so many bytes; it grows, but what is too large keeps its room for as long as it waits. */
    ByteBuf allocate(long bytes) {
        return channel.alloc().directBuffer((int) Math.min(bytes, BUFFER_BYTES) + SPARE_BYTES);
    }

    /** Takes a buffer over; an empty one is only released. */
    void write(ByteBuf buffer) {
        if (!buffer.isReadable()) {
            buffer.release();
            return;
        }
        since.add(home.nanos());
        unflushed = true;
        channel.write(buffer).addListener(this);
    }

    void flush() {
        if (unflushed) {
            unflushed = false;
            channel.flush();
        }
    }

    /** A server that asks and does not read is owed a few answers, not all of them. */
    void owePong() {
        owedPongs = Math.min(PONGS_MAX, owedPongs + 1);
    }

    void writePongs() {
        if (owedPongs > 0 && isWritable()) {
            ByteBuf out = allocate(0);
            for (; owedPongs > 0; owedPongs--) {
                FrameEncoder.pong(out);
            }
            write(out);
            flush();
        }
    }

    // Buffers leave in their order.
    @Override
    public void operationComplete(ChannelFuture done) {
        since.poll();
    }

    boolean isWaiting() {
        return !since.isEmpty();
    }

    /** When the oldest buffer that has not left was written. */
    long waitingSince() {
        Long oldest = since.peek();
        return oldest == null ? home.nanos() : oldest;
    }

    /** Ends the channel; with {@code abort} what the kernel still holds is thrown away. */
    @SuppressWarnings("FutureReturnValueIgnored") // the channel itself tells when it is closed
    void close(boolean abort) {
        if (abort) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            // Past the handler for TLS, which would want to say goodbye.
            channel.pipeline().firstContext().close();
        } else {
            channel.close();
        }
    }
}
