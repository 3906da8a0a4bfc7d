package io.leasehold.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;

/**
 * Hands buffers to a channel, what is large in pieces, and knows since when the oldest of them has been trying to
 * leave.
 */
final class LinkWriter implements ChannelFutureListener {
    /** A buffer is handed to the channel when it holds so much. */
    static final int BUFFER_BYTES = 64 * 1_024;

    private static final int SPARE_BYTES = 1_024;
    private static final int FIRST_PIECES = 16;

    private final Channel channel;
    private final ConnectionLoop loop;
    private final Progress progress;
    private final Runnable onLeft;
    // Of what waits: sizes, and when each was written, oldest first.
    private int[] sizes = new int[FIRST_PIECES];
    private long[] since = new long[FIRST_PIECES];
    private int oldest;
    private int waiting;
    private long leftAt;
    private boolean unflushed;
    private boolean writing;

    /**
     * For one channel.
     *
     * @param onLeft called when something has left
     */
    LinkWriter(Channel channel, ConnectionLoop loop, Progress progress, Runnable onLeft) {
        this.onLeft = onLeft;
        this.channel = channel;
        this.loop = loop;
        this.progress = progress;
        this.leftAt = loop.nanos();
    }

    Channel channel() {
        return channel;
    }

    /**
     * Below the high-water mark, and between two buffers: the channel calls back while the pieces of one are written,
     * and what is written then would stand in the midst of it.
     */
    boolean isWritable() {
        return !writing && channel.isWritable();
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

        writing = true;
        while (buffer.readableBytes() > 2 * BUFFER_BYTES) {
            piece(buffer.readRetainedSlice(BUFFER_BYTES));
        }
        piece(buffer);
        writing = false;
    }

    private void piece(ByteBuf bytes) {
        if (waiting == sizes.length) {
            grow();
        }
        int last = (oldest + waiting++) % sizes.length;
        sizes[last] = bytes.readableBytes();
        since[last] = loop.nanos();
        progress.writes(bytes.readableBytes());
        channel.write(bytes).addListener(this);
        // After the write: it may fill the channel, which flushes what came before this piece.
        unflushed = true;
    }

    private void grow() {
        int[] longer = new int[2 * sizes.length];
        long[] times = new long[longer.length];
        for (int i = 0; i < waiting; i++) {
            longer[i] = sizes[(oldest + i) % sizes.length];
            times[i] = since[(oldest + i) % sizes.length];
        }
        sizes = longer;
        since = times;
        oldest = 0;
    }

    void flush() {
        if (unflushed) {
            unflushed = false;
            channel.flush();
        }
    }

    // Buffers leave in their order.
    @Override
    public void operationComplete(ChannelFuture done) {
        progress.leaves(sizes[oldest]);
        oldest = (oldest + 1) % sizes.length;
        waiting--;
        leftAt = loop.nanos();
        onLeft.run();
    }

    boolean isWaiting() {
        return waiting > 0;
    }

    /** Since when nothing has left although something should: the oldest was written then, or the last one left. */
    long waitingSince() {
        return waiting == 0 ? loop.nanos() : Math.max(leftAt, since[oldest]);
    }

    /**
     * Ends the channel; with {@code abort} what the kernel still holds is thrown away. One that has ended by itself and
     * has not told so yet holds nothing.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the channel itself tells when it is closed
    void close(boolean abort) {
        ChannelHandlerContext first = channel.pipeline().firstContext();
        if (abort && first != null) {
            throwAway();
            // Past the handler for TLS, which would want to say goodbye.
            first.close();
        } else {
            channel.close();
        }
    }

    private void throwAway() {
        try {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException endedMeanwhile) {
            // It holds nothing any more.
        }
    }
}
