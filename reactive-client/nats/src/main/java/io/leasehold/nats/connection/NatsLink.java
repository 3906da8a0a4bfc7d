package io.leasehold.nats.connection;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.FrameDecoder;
import io.leasehold.nats.protocol.FrameEncoder;
import io.leasehold.nats.protocol.FrameSink;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.wire.ConnectionLoop;
import io.leasehold.wire.Link;
import io.leasehold.wire.LinkPhase;
import io.leasehold.wire.TcpConnector;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection to one NATS server: its handshake, and its frames.
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
final class NatsLink extends Link implements FrameSink {
    /** A server that asks and does not read is owed so many answers, not all of them. */
    static final int PONGS_MAX = 64;

    private final LinkHost host;
    private final Handshake handshake;
    private final RequestTable requests;
    private FrameDecoder decoder;
    private ServerInfo info = ServerInfo.UNKNOWN;
    private int owedPongs;

    NatsLink(
            LinkHost host,
            ConnectionLoop loop,
            TcpConnector connector,
            ConnectionSettings settings,
            RequestTable requests) {
        super(loop, connector, requests.roundTrip());
        this.host = host;
        this.handshake = new Handshake(settings, connector, loop.context().clientName());
        this.requests = requests;
        this.decoder = handshake.newDecoder(this);
    }

    /** Who waits for answers. */
    RequestTable requests() {
        return requests;
    }

    /** What the server tells of itself. */
    ServerInfo info() {
        return info;
    }

    /** Why so many bytes of headers and body cannot be written; null when they can. */
    @Nullable
    MessagingException tooLarge(int payloadBytes) {
        long max = info.maxPayload();
        if (payloadBytes <= max) {
            return null;
        }
        return new MessagingException(
                ErrorCode.TOO_LARGE,
                "headers and body have " + payloadBytes + " bytes, the server takes " + max,
                toString(),
                "send less, or raise max_payload of the server");
    }

    // ---- reading

    @Override
    protected void read(ByteBuf bytes) {
        if (isBeingSecured()) {
            misplaced("bytes");
        }
        while (bytes.isReadable() && !isOver()) {
            try {
                decoder.decode(bytes);
            } catch (MessagingException wrong) {
                end(wrong, false);
            } catch (Throwable fault) {
                loop().fault(fault);
            }
        }
        if (isBeingSecured() && !decoder.isBetweenFrames()) {
            misplaced("bytes");
        } else if (isBeingSecured()) {
            decoder = handshake.newDecoder(this);
            secure();
        }
    }

    @Override
    protected void readyForMore() {
        writePongs();
        host.paused(this);
    }

    @Override
    protected void secured() {
        info = info.withoutHearsay();
        authenticate();
    }

    @Override
    public void info(byte[] json) {
        switch (phase()) {
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
            phase(LinkPhase.SECURING);
        } else {
            authenticate();
        }
    }

    private void authenticate() {
        phase(LinkPhase.AUTHENTICATING);
        ServerInfo asks = info;
        loop().elsewhere(
                        () -> handshake.connectMessage(asks),
                        this::introduce,
                        error -> end(connector().unprepared(error), false));
    }

    private void introduce(byte[] connect) {
        if (phase() == LinkPhase.AUTHENTICATING) {
            phase(LinkPhase.CONNECT_SENT);
            ByteBuf out = allocate(connect.length);
            FrameEncoder.connect(out, connect);
            ping(out, null);
            write(out);
            flush();
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
    public void error(String text) {
        ServerError error = ServerError.of(text);
        if (error.endsConnection()) {
            end(error.toException(toString()), false);
        } else if (isUp()) {
            host.complained(this, error);
        }
    }

    // ---- pings and pongs

    @Override
    protected void encodePing(ByteBuf out) {
        FrameEncoder.ping(out);
    }

    @Override
    public void pong() {
        switch (phase()) {
            case CONNECT_SENT -> {
                answered();
                up();
                host.welcomed(this);
            }
            case UP -> answered();
            default -> misplaced("PONG");
        }
    }

    @Override
    public void ping() {
        if (phase() == LinkPhase.SECURING || phase() == LinkPhase.GREETING) {
            misplaced("PING");
        } else {
            owedPongs = Math.min(PONGS_MAX, owedPongs + 1);
        }
    }

    private void writePongs() {
        if (owedPongs > 0 && isWritable()) {
            ByteBuf out = allocate(0);
            for (; owedPongs > 0; owedPongs--) {
                FrameEncoder.pong(out);
            }
            write(out);
            flush();
        }
    }

    // ---- the end

    @Override
    protected void ended(MessagingException reason) {
        host.ended(this, reason);
    }
}
