package io.leasehold.nats.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/** One direction of one connection. All of it happens on the proxy's one thread. */
final class ProxyLane {
    /** More than this is not read ahead: the sender feels it, as it would a full network. */
    private static final int MOST_UNDER_WAY_BYTES = 4 << 20;

    /** For so long a timer may have fired late: what the line would have carried meanwhile follows at once. */
    private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final FaultProxy proxy;
    private final ProxyConnection connection;
    private final Direction direction;
    private final Channel source;
    private final DuplexChannel sink;
    private final Deque<Piece> underWay = new ArrayDeque<>();
    private int underWayBytes;
    private long lastDueNanos = Long.MIN_VALUE;
    private long lineFreeNanos = Long.MIN_VALUE;
    private boolean waitsForLine;
    private boolean inputEnded;
    private boolean wakes;
    private boolean finished;

    ProxyLane(FaultProxy proxy, ProxyConnection connection, Direction direction, Channel source, DuplexChannel sink) {
        this.proxy = proxy;
        this.connection = connection;
        this.direction = direction;
        this.source = source;
        this.sink = sink;
    }

    private record Piece(ByteBuf bytes, long dueNanos) {}

    private LaneRules rules() {
        return proxy.rules(direction);
    }

    /** Takes the buffer over. */
    void take(ByteBuf bytes) {
        if (finished) {
            bytes.release();
            return;
        }
        long now = System.nanoTime();
        while (bytes.isReadable()) {
            int size = rules().drawPiece(bytes.readableBytes());
            lastDueNanos = Math.max(lastDueNanos, now + rules().drawDelayNanos());
            underWay.add(new Piece(bytes.readRetainedSlice(size), lastDueNanos));
            underWayBytes += size;
        }
        bytes.release();
        pump();
    }

    /** The sender has written its last byte. */
    void end() {
        inputEnded = true;
        pump();
    }

    /** Lets through what is due, and comes back when more is. */
    void pump() {
        if (finished) {
            return;
        }
        if (!sink.isActive()) {
            drop();
            connection.laneFinished();
            return;
        }
        if (!rules().held()) {
            flow();
        }
        source.config().setAutoRead(!rules().held() && underWayBytes < MOST_UNDER_WAY_BYTES);
    }

    private void flow() {
        while (!finished && !underWay.isEmpty() && sink.isWritable()) {
            long leftNanos = Math.max(underWay.peek().dueNanos(), lineFreeNanos) - System.nanoTime();
            if (leftNanos > 0) {
                waitsForLine = underWay.peek().dueNanos() <= lineFreeNanos;
                wakeAfter(leftNanos);
                return;
            }
            write(underWay.remove().bytes());
        }
        if (!finished && inputEnded && underWay.isEmpty()) {
            finish();
        }
    }

    // One timer at a time: what is first under way never becomes due earlier.
    private void wakeAfter(long nanos) {
        if (!wakes) {
            wakes = true;
            sink.eventLoop().schedule(this::wake, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void wake() {
        wakes = false;
        pump();
    }

    private void write(ByteBuf bytes) {
        int size = bytes.readableBytes();
        underWayBytes -= size;
        long now = System.nanoTime();
        long begun = waitsForLine ? Math.max(lineFreeNanos, now - LATE_NANOS) : now;
        lineFreeNanos = begun + rules().lineNanos(size);
        waitsForLine &= !underWay.isEmpty();
        int allowed = (int) proxy.countUpTo(direction, size);
        sink.writeAndFlush(bytes.readRetainedSlice(allowed)).addListener(written -> {
            if (allowed < size) {
                connection.reset();
            }
        });
        bytes.release();
    }

    private void finish() {
        finished = true;
        sink.shutdownOutput().addListener((ChannelFutureListener) done -> connection.laneFinished());
    }

    /** Drops what is under way. */
    void drop() {
        finished = true;
        underWay.forEach(piece -> piece.bytes().release());
        underWay.clear();
    }

    boolean isFinished() {
        return finished;
    }
}
