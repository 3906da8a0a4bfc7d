package io.leasehold.nats.connection;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.FrameDecoder;
import io.leasehold.nats.protocol.FrameEncoder;
import io.leasehold.nats.protocol.FrameSink;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.pace.Burst;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Sinks;

/**
 * One TCP connection to one server, from dialling to its end. What comes when it has ended is not looked at; there is
 * no way back from there, a new link is made instead.
 *
 * <pre>
 *   CONNECTING ──► GREETING ── INFO ──► AUTHENTICATING ── CONNECT PING ──► CONNECT_SENT ── PONG ──► UP
 *       │            │  INFO, TLS wanted     ▲
 *       │            ▼                       │
 *       └─(first)─► SECURING ── done ────────┘    (TLS first: done leads back to GREETING)
 *   each of them ── error, time out, end of stream ──► ENDED
 * </pre>
 *
 * <p>Nothing is written before AUTHENTICATING is over, and nothing that was read in plain counts once SECURING began.
 */
final class Link extends ChannelInboundHandlerAdapter implements FrameSink {
    private static final int PING_BYTES = 6;

    private final LinkHost host;
    private final ConnectionLoop loop;
    private final Handshake handshake;
    private final LinkWatch watch;
    private final Progress progress = new Progress();
    private FrameDecoder decoder;
    private LinkPhase phase = LinkPhase.CONNECTING;
    private ServerInfo info = ServerInfo.UNKNOWN;
    private @Nullable LinkWriter writer;

    Link(LinkHost host, ConnectionLoop loop, Handshake handshake) {
        this.host = host;
        this.loop = loop;
        this.handshake = handshake;
        this.watch = new LinkWatch(
                this, loop, handshake.settings().timeouts(), host.desk().roundTrip(), progress);
        this.decoder = new FrameDecoder(handshake.settings().limits().inbound(), this);
    }

    Desk desk() {
        return host.desk();
    }

    long epoch() {
        return handshake.epoch();
    }

    ServerPool.Entry server() {
        return handshake.server();
    }

    ServerInfo info() {
        return info;
    }

    LinkPhase phase() {
        return phase;
    }

    boolean isSecured() {
        return handshake.isSecured();
    }

    /** Whether its server has said nothing yet. */
    boolean isSilent() {
        return phase == LinkPhase.CONNECTING || (phase == LinkPhase.GREETING && !handshake.isSecured());
    }

    /** How many addresses the name of its server has; 0 before that is known. */
    int addresses() {
        return handshake.addresses();
    }

    boolean isUp() {
        return phase == LinkPhase.UP;
    }

    boolean isOver() {
        return phase == LinkPhase.ENDED;
    }

    /** Begins; ends within the limit for connecting in being up or ended. */
    void dial() {
        if (!isOver()) {
            watch.dialling();
            handshake.dial(this);
        }
    }

    // ---- the channel

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the channel itself tells when it is closed
    public void channelActive(ChannelHandlerContext active) {
        if (isOver()) {
            active.close();
            return;
        }
        writer = new LinkWriter(active.channel(), loop, progress, watch::left);
        phase = handshake.isTlsFirst() ? LinkPhase.SECURING : LinkPhase.GREETING;
        active.fireChannelActive();
        // Reactor Netty has just switched to reading on demand; we read always, whatever becomes of what we write.
        active.channel().config().setAutoRead(true);
    }

    @Override
    public void channelRead(ChannelHandlerContext active, Object read) {
        Burst.begin();
        try {
            if (read instanceof ByteBuf bytes && !isOver()) {
                watch.heard(bytes.readableBytes());
                decode(bytes);
            }
        } finally {
            ReferenceCountUtil.release(read);
            loop.guarded(Burst::end);
        }
    }

    private void decode(ByteBuf bytes) {
        if (isBeingSecured()) {
            misplaced("bytes");
        }
        while (bytes.isReadable() && !isOver()) {
            try {
                decoder.decode(bytes);
            } catch (MessagingException wrong) {
                end(wrong, false);
            } catch (Throwable fault) {
                loop.fault(fault);
            }
        }
        if (isBeingSecured() && !decoder.isBetweenFrames()) {
            misplaced("bytes");
        } else if (isBeingSecured()) {
            decoder = new FrameDecoder(handshake.settings().limits().inbound(), this);
            handshake.secure(this, writer().channel());
        }
    }

    private boolean isBeingSecured() {
        return phase == LinkPhase.SECURING && !handshake.isSecured();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext active) {
        goOn();
        active.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext active) {
        goOn();
        active.fireChannelWritabilityChanged();
    }

    private void goOn() {
        if (isUp()) {
            writer().writePongs();
            host.paused(this);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext active, Object event) {
        if (event instanceof SslHandshakeCompletionEvent tls && phase == LinkPhase.SECURING) {
            if (tls.isSuccess()) {
                secured();
            } else {
                end(handshake.insecure(tls.cause()), false);
            }
        }
        active.fireUserEventTriggered(event);
    }

    private void secured() {
        handshake.secured();
        phase = LinkPhase.GREETING;
        if (!handshake.isTlsFirst()) {
            info = info.withoutHearsay();
            prove();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext active) {
        broken("the server ended it", null);
        active.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext active, Throwable cause) {
        broken("it broke", cause);
    }

    private void broken(String what, @Nullable Throwable cause) {
        end(phase == LinkPhase.SECURING ? handshake.insecure(cause) : handshake.ended(isUp(), what, cause), false);
    }

    // ---- the frames

    @Override
    public void info(byte[] json) {
        switch (phase) {
            case GREETING -> {
                info = ServerInfo.read(json);
                greet();
            }
            case SECURING -> misplaced("INFO");
            default -> {
                info = info.mergedWith(ServerInfo.read(json));
                if (isUp()) {
                    host.told(this);
                }
            }
        }
    }

    private void greet() {
        MessagingException problem = handshake.problemWith(info);
        if (problem != null) {
            end(problem, false);
        } else if (handshake.mustSecure(info)) {
            phase = LinkPhase.SECURING;
        } else {
            prove();
        }
    }

    private void prove() {
        phase = LinkPhase.AUTHENTICATING;
        ServerInfo asks = info;
        loop.elsewhere(
                () -> handshake.connectMessage(asks), this::introduce, error -> end(handshake.unproven(error), false));
    }

    private void introduce(byte[] connect) {
        if (phase == LinkPhase.AUTHENTICATING) {
            phase = LinkPhase.CONNECT_SENT;
            ByteBuf out = writer().allocate(connect.length);
            FrameEncoder.connect(out, connect);
            ping(out, null);
            write(out);
            writer().flush();
        }
        Arrays.fill(connect, (byte) 0);
    }

    @Override
    public void message(MessageFrame frame) {
        if (isUp()) {
            host.message(this, frame);
        } else {
            misplaced("a message");
        }
    }

    @Override
    public boolean keeps(int sid) {
        return host.keeps(sid);
    }

    @Override
    public void ping() {
        if (phase == LinkPhase.SECURING || phase == LinkPhase.GREETING) {
            misplaced("PING");
        } else {
            writer().owePong();
        }
    }

    @Override
    public void pong() {
        switch (phase) {
            case CONNECT_SENT -> {
                watch.answered();
                phase = LinkPhase.UP;
                watch.up();
                host.welcomed(this);
            }
            case UP -> watch.answered();
            default -> misplaced("PONG");
        }
    }

    @Override
    public void error(String text) {
        ServerError error = ServerError.of(text);
        if (error.endsConnection()) {
            end(error.toException(toString()), false);
        } else if (isUp()) {
            host.complained(this, error);
        }
    }

    private void misplaced(String what) {
        end(
                new MessagingException(
                        ErrorCode.PROTOCOL,
                        "the server sends " + what + " where the protocol has no place for it (" + phase + ")",
                        toString(),
                        "check that a NATS server listens at this address, and that nobody stands between"),
                false);
    }

    // ---- writing

    LinkWriter writer() {
        return Objects.requireNonNull(writer);
    }

    boolean isWritable() {
        return isUp() && writer().isWritable();
    }

    /** Takes a buffer over. */
    void write(ByteBuf buffer) {
        if (isOver()) {
            buffer.release();
        } else {
            writer().write(buffer);
            watch.written();
        }
    }

    /** Whether more of what is large may be written, when so many bytes are about to be. */
    boolean hasRoom(long more) {
        return progress.hasRoom(more);
    }

    /** Puts a ping behind what was encoded, if it is time to see how far that gets. */
    void mark(ByteBuf out) {
        if (out.isReadable() && progress.isMarkDue(out.readableBytes())) {
            ping(out, null);
        }
    }

    /** Where what was encoded ends among the bytes of this link. */
    long position(ByteBuf out) {
        return progress.written() + out.readableBytes();
    }

    /** How long what ends at a position may be on its way, in nanoseconds; 0 when the server has read it. */
    long onTheWayNanos(long position) {
        return progress.onTheWayNanos(position);
    }

    /** Encodes a ping; the waiter hears when it is answered, or of the end. */
    void ping(ByteBuf out, Sinks.@Nullable Empty<Void> waiter) {
        if (watch.asks(position(out) + PING_BYTES, waiter)) {
            FrameEncoder.ping(out);
        } else if (waiter != null) {
            waiter.tryEmitError(handshake.tooManyFlushes());
        }
    }

    // ---- the end

    /** Ends it for want of life, throwing away what the kernel still holds. */
    void lose(String what) {
        end(handshake.ended(isUp(), what, null), true);
    }

    /**
     * Ends it, once.
     *
     * @param abort whether what the kernel still holds is to be thrown away
     */
    void end(MessagingException reason, boolean abort) {
        if (!isOver()) {
            try {
                retire(reason, abort);
            } finally {
                // Nobody dials again before that.
                host.ended(this, reason);
            }
        }
    }

    /** Ends it without telling the host. */
    void retire(MessagingException reason, boolean abort) {
        phase = LinkPhase.ENDED;
        handshake.hangUp();
        if (writer != null) {
            writer.close(abort);
        }
        watch.end(reason);
    }

    @Override
    public String toString() {
        return handshake.server().address().toString();
    }
}
