package io.leasehold.wire;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.pace.Burst;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Sinks;

/**
 * One TCP connection to one server, from dialling to its end, whatever is spoken over it. Sees to it that the link gets
 * ready in its time, that its server answers, and that what is written leaves: one timer, set to whichever of these is
 * due first. What comes when the link has ended is not looked at; there is no way back from there, a new link is made
 * instead. Belongs to the connection's own thread.
 *
 * <pre>
 *   CONNECTING ──► GREETING ──► AUTHENTICATING ──► CONNECT_SENT ──► UP
 *       │            │                ▲
 *       └──────► SECURING ────────────┘        TLS first: back to GREETING
 *   each of them ── error, time out, end of stream ──► ENDED
 * </pre>
 */
public abstract class Link extends ChannelInboundHandlerAdapter {
    /** A buffer is handed to the channel when it holds so many bytes. */
    public static final int BUFFER_BYTES = LinkWriter.BUFFER_BYTES;

    private final ConnectionLoop loop;
    private final TcpConnector connector;
    private final Progress progress = new Progress();
    private final Liveness liveness;
    private final Alarm alarm;
    private LinkPhase phase = LinkPhase.CONNECTING;
    private long readyBy;
    private @Nullable LinkWriter writer;

    /**
     * Makes the link of one attempt.
     *
     * @param roundTrip where it is kept how long the server's answers take
     */
    @SuppressWarnings("this-escape") // the alarm calls nobody before it is set
    protected Link(ConnectionLoop loop, TcpConnector connector, RoundTrip roundTrip) {
        this.loop = loop;
        this.connector = connector;
        this.liveness = new Liveness(connector.timeouts(), roundTrip, progress);
        this.alarm = new Alarm(loop, this::look);
    }

    // ---- what the protocol says

    /** Reads all of what came, unless the link ends meanwhile; the bytes are released by the caller. */
    protected abstract void read(ByteBuf bytes);

    /** Goes on with what was put off: all that was there has been read, or the channel takes more again. */
    protected abstract void readyForMore();

    /** Goes on after the greeting, now under TLS. */
    protected abstract void secured();

    /** Encodes what a server that lives answers at once. */
    protected abstract void encodePing(ByteBuf out);

    /** Hears of the end, once; nothing more will come of this link. */
    protected abstract void ended(MessagingException reason);

    // ---- how it stands

    /** Returns the loop that this link belongs to. */
    protected final ConnectionLoop loop() {
        return loop;
    }

    /** Returns what dials the server and secures the connection. */
    protected final TcpConnector connector() {
        return connector;
    }

    private Timeouts timeouts() {
        return connector.timeouts();
    }

    /** Returns the number of this link among those of its connection; later links have larger numbers. */
    public final long epoch() {
        return connector.epoch();
    }

    /** Returns the server at the other end. */
    public final ServerPool.Entry server() {
        return connector.server();
    }

    /** Tells how far this link has got. */
    protected final LinkPhase phase() {
        return phase;
    }

    /** Notes the next step of the handshake. */
    protected final void phase(LinkPhase next) {
        phase = next;
    }

    /** Tells whether this link is under TLS. */
    public final boolean isSecured() {
        return connector.isSecured();
    }

    /** Tells whether the server has said nothing yet. */
    public final boolean isSilent() {
        return phase == LinkPhase.CONNECTING || (phase == LinkPhase.GREETING && !connector.isSecured());
    }

    /** Counts the addresses that the name of the server has; 0 before that is known. */
    public final int addresses() {
        return connector.addresses();
    }

    /** Tells whether the server has welcomed us, and has not ended since. */
    public final boolean isUp() {
        return phase == LinkPhase.UP;
    }

    /** Tells whether this link has ended. */
    public final boolean isOver() {
        return phase == LinkPhase.ENDED;
    }

    /** Tells whether TLS is being made. */
    protected final boolean isBeingSecured() {
        return phase == LinkPhase.SECURING && !connector.isSecured();
    }

    // ---- the channel

    /** Begins to dial; within the limit for connecting this link is up or has ended. */
    public final void dial() {
        if (!isOver()) {
            readyBy = loop.nanos() + timeouts().connectTimeout().toNanos();
            alarm.at(readyBy);
            connector.connect(this, error -> end(error, false));
        }
    }

    /** Begins TLS on a connection whose server has greeted us in plain. */
    protected final void secure() {
        connector.secure(writer().channel(), error -> end(error, false));
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the channel itself tells when it is closed
    public final void channelActive(ChannelHandlerContext active) {
        if (isOver()) {
            active.close();
            return;
        }
        writer = new LinkWriter(active.channel(), loop, progress, () -> liveness.left(loop.nanos()));
        phase = connector.isTlsFirst() ? LinkPhase.SECURING : LinkPhase.GREETING;
        active.fireChannelActive();
        // Reactor Netty has just switched to reading on demand; we read always, whatever becomes of what we write.
        active.channel().config().setAutoRead(true);
    }

    @Override
    public final void channelRead(ChannelHandlerContext active, Object read) {
        Burst.begin();
        try {
            if (read instanceof ByteBuf bytes && !isOver()) {
                if (liveness.isMuch(bytes.readableBytes())) {
                    liveness.heard(loop.nanos());
                }
                read(bytes);
            }
        } finally {
            ReferenceCountUtil.release(read);
            loop.guarded(Burst::end);
        }
    }

    @Override
    public final void channelReadComplete(ChannelHandlerContext active) {
        goOn();
        active.fireChannelReadComplete();
    }

    @Override
    public final void channelWritabilityChanged(ChannelHandlerContext active) {
        goOn();
        active.fireChannelWritabilityChanged();
    }

    private void goOn() {
        if (isUp()) {
            readyForMore();
        }
    }

    @Override
    public final void userEventTriggered(ChannelHandlerContext active, Object event) {
        if (event instanceof SslHandshakeCompletionEvent tls && phase == LinkPhase.SECURING) {
            if (tls.isSuccess()) {
                madeSecure();
            } else {
                end(connector.insecure(tls.cause()), false);
            }
        }
        active.fireUserEventTriggered(event);
    }

    private void madeSecure() {
        connector.secured();
        phase = LinkPhase.GREETING;
        if (!connector.isTlsFirst()) {
            secured();
        }
    }

    @Override
    public final void channelInactive(ChannelHandlerContext active) {
        broken("the server ended it", null);
        active.fireChannelInactive();
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext active, Throwable cause) {
        broken("it broke", cause);
    }

    private void broken(String what, @Nullable Throwable cause) {
        end(phase == LinkPhase.SECURING ? connector.insecure(cause) : connector.ended(isUp(), what, cause), false);
    }

    // ---- writing

    private LinkWriter writer() {
        return Objects.requireNonNull(writer);
    }

    /** Makes room for about so many bytes; it grows, but keeps what is too large for as long as it waits. */
    public final ByteBuf allocate(long bytes) {
        return writer().allocate(bytes);
    }

    /** Tells whether something may be written now: below the high-water mark, and not in the midst of what is large. */
    public final boolean isWritable() {
        return isUp() && writer().isWritable();
    }

    /** Takes a buffer over; it is flushed by {@link #flush}. */
    public final void write(ByteBuf buffer) {
        if (isOver()) {
            buffer.release();
        } else {
            writer().write(buffer);
            alarm.at(loop.nanos() + timeouts().writeTimeout().toNanos());
        }
    }

    /** Hands what was written to the kernel. */
    public final void flush() {
        writer().flush();
    }

    /** Whether more of what is large may be written, when so many bytes are about to be. */
    final boolean hasRoom(long more) {
        return progress.hasRoom(more);
    }

    /** Puts a ping behind what was encoded, if it is time to see how far that gets. */
    final void mark(ByteBuf out) {
        if (out.isReadable() && progress.isMarkDue(out.readableBytes())) {
            ping(out, null);
        }
    }

    /** Tells where a buffer that is about to be written will end among the bytes of this link. */
    public final long position(ByteBuf out) {
        return progress.written() + out.readableBytes();
    }

    /** Tells how long what ends at a position may be on its way, in nanoseconds; 0 when the server has read it. */
    public final long onTheWayNanos(long position) {
        return progress.onTheWayNanos(position);
    }

    // ---- whether the server is there

    /** Encodes a ping; the waiter hears when the server has answered, or of the end of this link. */
    public final void ping(ByteBuf out, Sinks.@Nullable Empty<Void> waiter) {
        if (liveness.isFull() && waiter != null) {
            waiter.tryEmitError(connector.tooManyFlushes());
            return;
        }
        encodePing(out);
        long now = loop.nanos();
        liveness.asked(now, position(out), waiter);
        alarm.at(now + timeouts().pongTimeout().toNanos());
    }

    /** Notes that the server has answered the oldest ping. */
    protected final void answered() {
        liveness.answered(loop.nanos());
    }

    /** Notes that the server has welcomed us. */
    protected final void up() {
        phase = LinkPhase.UP;
        liveness.begin(loop.nanos());
        alarm.off();
        look();
    }

    private void look() {
        long now = loop.nanos();
        if (!isUp() && now - readyBy < 0) {
            alarm.at(readyBy);
        } else if (!isUp()) {
            lose(unready());
        } else if (liveness.isDead(now)) {
            lose("the server does not answer");
        } else if (isStuck(now)) {
            lose("the server does not read");
        } else {
            lookAgain(now);
        }
    }

    private String unready() {
        String within = " within " + timeouts().connectTimeout().toMillis() + " ms";
        return switch (phase) {
            case CONNECTING -> "no answer" + within;
            case GREETING ->
                "it takes connections, but says nothing" + within + ", as a server of "
                        + loop.protocol().name() + " would";
            case SECURING -> "TLS was not made" + within;
            case AUTHENTICATING, CONNECT_SENT, UP, ENDED -> "it did not welcome us" + within;
        };
    }

    private boolean isStuck(long now) {
        return writer().isWaiting()
                && now - writer().waitingSince() >= timeouts().writeTimeout().toNanos();
    }

    private void lookAgain(long now) {
        if (liveness.isPingDue(now)) {
            ByteBuf out = allocate(0);
            ping(out, null);
            write(out);
            flush();
        }
        long next = liveness.nextLook(now);
        long leaves = writer().waitingSince() + timeouts().writeTimeout().toNanos();
        alarm.at(writer().isWaiting() ? Math.min(next, leaves) : next);
    }

    // ---- the end

    // For want of life, throwing away what the kernel still holds.
    private void lose(String what) {
        end(connector.ended(isUp(), what, null), true);
    }

    /** Ends this link because the server says something where the protocol has no place for it. */
    protected final void misplaced(String what) {
        end(
                new MessagingException(
                        ErrorCode.PROTOCOL,
                        "the server sends " + what + " where the protocol has no place for it (" + phase + ")",
                        toString(),
                        "check that a server of " + loop.protocol().name()
                                + " listens at this address, and that nobody stands between"),
                false);
    }

    /**
     * Ends this link, once.
     *
     * @param abort whether what the kernel still holds is to be thrown away
     */
    public final void end(MessagingException reason, boolean abort) {
        if (!isOver()) {
            try {
                retire(reason, abort);
            } finally {
                // Nobody dials again before that.
                ended(reason);
            }
        }
    }

    /** Ends this link without {@link #ended} being called. */
    public final void retire(MessagingException reason, boolean abort) {
        phase = LinkPhase.ENDED;
        connector.hangUp();
        if (writer != null) {
            writer.close(abort);
        }
        alarm.off();
        liveness.end(reason);
    }

    /** Shows the address of the server. */
    @Override
    public final String toString() {
        return connector.server().address().toString();
    }
}
