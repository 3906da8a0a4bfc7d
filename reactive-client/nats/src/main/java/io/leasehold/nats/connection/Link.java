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
 *   DIALLING ──► GREETING ── INFO ──► PROVING ── CONNECT PING ──► PROVEN ── PONG ──► UP
 *       │           │  INFO, TLS wanted  ▲
 *       │           ▼                    │
 *       └─(first)► SECURING ── done ─────┘        (TLS first: done leads back to GREETING)
 *   each of them ── error, time out, end of stream ──► ENDED
 * </pre>
 *
 * <p>Nothing is written before PROVING is over, and nothing that was read in plain counts once SECURING began.
 */
final class Link extends ChannelInboundHandlerAdapter implements FrameSink {
    private static final int PING_BYTES = 6;

    private final LinkHost host;
    private final Home home;
    private final Greeter greeter;
    private final LinkWatch watch;
    private final Progress progress = new Progress();
    private FrameDecoder decoder;
    private LinkPhase phase = LinkPhase.DIALLING;
    private ServerInfo info = ServerInfo.UNKNOWN;
    private @Nullable LinkWriter writer;

    Link(LinkHost host, Home home, Greeter greeter) {
        this.host = host;
        this.home = home;
        this.greeter = greeter;
        this.watch = new LinkWatch(
                this, home, greeter.settings().rhythm(), host.desk().roundTrip(), progress);
        this.decoder = new FrameDecoder(greeter.settings().bounds().inbound(), this);
    }

    Desk desk() {
        return host.desk();
    }

    long epoch() {
        return greeter.epoch();
    }

    ServerPool.Entry server() {
        return greeter.server();
    }

    ServerInfo info() {
        return info;
    }

    LinkPhase phase() {
        return phase;
    }

    boolean isSecured() {
        return greeter.isSecured();
    }

    /** Whether its server has said nothing yet. */
    boolean isSilent() {
        return phase == LinkPhase.DIALLING || (phase == LinkPhase.GREETING && !greeter.isSecured());
    }

    /** How many addresses the name of its server has; 0 before that is known. */
    int addresses() {
        return greeter.addresses();
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
            greeter.dial(this);
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
        writer = new LinkWriter(active.channel(), home, progress, watch::left);
        phase = greeter.isTlsFirst() ? LinkPhase.SECURING : LinkPhase.GREETING;
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
            home.guarded(Burst::end);
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
                home.fault(fault);
            }
        }
        if (isBeingSecured() && !decoder.isBetweenFrames()) {
            misplaced("bytes");
        } else if (isBeingSecured()) {
            decoder = new FrameDecoder(greeter.settings().bounds().inbound(), this);
            greeter.secure(this, writer().channel());
        }
    }

    private boolean isBeingSecured() {
        return phase == LinkPhase.SECURING && !greeter.isSecured();
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
        if (event instanceof SslHandshakeCompletionEvent handshake && phase == LinkPhase.SECURING) {
            if (handshake.isSuccess()) {
                secured();
            } else {
                end(greeter.insecure(handshake.cause()), false);
            }
        }
        active.fireUserEventTriggered(event);
    }

    private void secured() {
        greeter.secured();
        phase = LinkPhase.GREETING;
        if (!greeter.isTlsFirst()) {
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
        end(phase == LinkPhase.SECURING ? greeter.insecure(cause) : greeter.ended(isUp(), what, cause), false);
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
        MessagingException problem = greeter.problemWith(info);
        if (problem != null) {
            end(problem, false);
        } else if (greeter.mustSecure(info)) {
            phase = LinkPhase.SECURING;
        } else {
            prove();
        }
    }

    private void prove() {
        phase = LinkPhase.PROVING;
        ServerInfo asks = info;
        home.elsewhere(
                () -> greeter.connectMessage(asks), this::introduce, error -> end(greeter.unproven(error), false));
    }

    private void introduce(byte[] connect) {
        if (phase == LinkPhase.PROVING) {
            phase = LinkPhase.PROVEN;
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
            case PROVEN -> {
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
            waiter.tryEmitError(greeter.tooManyFlushes());
        }
    }

    // ---- the end

    /** Ends it for want of life, throwing away what the kernel still holds. */
    void lose(String what) {
        end(greeter.ended(isUp(), what, null), true);
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
        greeter.hangUp();
        if (writer != null) {
            writer.close(abort);
        }
        watch.end(reason);
    }

    @Override
    public String toString() {
        return greeter.server().address().toString();
    }
}
