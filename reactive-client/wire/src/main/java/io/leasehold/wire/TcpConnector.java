package io.leasehold.wire;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.resolver.NoopAddressResolverGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.netty.tcp.TcpClient;

/**
 * Dials one server once, secures the connection when it must be, and says what went wrong with it. Belongs to the
 * connection's own thread.
 */
public final class TcpConnector {
    private static final int KIB = 1_024;
    private static final WriteBufferWaterMark WATER = new WriteBufferWaterMark(256 * KIB, 512 * KIB);
    private static final String TLS_HANDLER = "leasehold.tls";
    private static final String LINK_HANDLER = "leasehold.link";

    private final ConnectionLoop loop;
    private final TlsSettings tls;
    private final Timeouts timeouts;
    private final ServerPool.Entry server;
    private final long epoch;
    private final boolean mustBeSecured;
    private final Disposable.Swap dialling = Disposables.swap();
    private boolean secured;
    private int addresses;

    /**
     * Makes the connector of one attempt.
     *
     * @param epoch its number; later ones are larger
     * @param securedBefore whether a server was talked to under TLS before: from then on no other way is taken
     */
    public TcpConnector(
            ConnectionLoop loop,
            TlsSettings tls,
            Timeouts timeouts,
            ServerPool.Entry server,
            long epoch,
            boolean securedBefore) {
        this.loop = loop;
        this.tls = tls;
        this.timeouts = timeouts;
        this.server = server;
        this.epoch = epoch;
        this.mustBeSecured = securedBefore || server.address().tls() || tls.mode() != TlsSettings.Mode.AS_ASKED;
    }

    Timeouts timeouts() {
        return timeouts;
    }

    /** Returns the server that is dialled. */
    public ServerPool.Entry server() {
        return server;
    }

    long epoch() {
        return epoch;
    }

    boolean isTlsFirst() {
        return tls.mode() == TlsSettings.Mode.FIRST;
    }

    /** Tells whether nothing may be said in plain. */
    public boolean mustBeSecured() {
        return mustBeSecured;
    }

    /** Tells whether the connection is under TLS. */
    public boolean isSecured() {
        return secured;
    }

    void secured() {
        secured = true;
    }

    // ---- dialling

    /** Dials; the handler hears of the channel, whoever is given besides of a failure, on the loop. */
    void connect(ChannelHandler handler, Consumer<MessagingException> failed) {
        loop.elsewhere(
                this::prepared,
                prepared -> {
                    if (!dialling.isDisposed()) {
                        connect(handler, prepared, failed);
                    }
                },
                error -> failed.accept(unprepared(error)));
    }

    /** What blocks: certificates are read, and the JDK reads a file of its own before its first socket. */
    private Prepared prepared() throws IOException {
        if (!loop.isNative()) {
            new Socket().close();
        }
        SslContext context = isTlsFirst() ? tls.context() : null;
        return new Prepared(resolved(), context);
    }

    /** What is needed for dialling. */
    private record Prepared(
            List<InetAddress> addresses, @Nullable SslContext tls) {}

    // By the resolver of the machine, which knows its hosts file, and leaves nothing behind in the transport.
    private List<InetAddress> resolved() {
        try {
            return List.of(InetAddress.getAllByName(server.address().host()));
        } catch (UnknownHostException unknown) {
            throw unreached("the name of its host is not known", unknown);
        }
    }

    /** How many addresses its name has; 0 before that is known. */
    int addresses() {
        return addresses;
    }

    private void connect(ChannelHandler handler, Prepared prepared, Consumer<MessagingException> failed) {
        addresses = prepared.addresses().size();
        // Each attempt takes another one.
        InetAddress address = prepared.addresses().get((int) (epoch % addresses));
        InetSocketAddress remote =
                new InetSocketAddress(address, server.address().port());
        int millis = (int) timeouts.connectTimeout().toMillis();
        // The resolver before the loops, for which another one would be made and kept for ever.
        TcpClient client = TcpClient.newConnection()
                .resolver(NoopAddressResolverGroup.INSTANCE)
                .runOn(loop.resources(), loop.isNative())
                .remoteAddress(() -> remote)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER)
                .doOnChannelInit((observer, channel, to) -> prepare(channel, handler, prepared.tls()));
        dialling.replace(client.connect()
                .subscribe(
                        connection -> {},
                        error -> loop.execute(() -> failed.accept(unreached(reasonOf(error), error)))));
    }

    private void prepare(Channel channel, ChannelHandler handler, @Nullable SslContext context) {
        if (channel instanceof EpollSocketChannel epoll) {
            epoll.config().setTcpUserTimeout((int) timeouts.writeTimeout().toMillis());
        }
        channel.pipeline().addFirst(LINK_HANDLER, handler);
        if (context != null) {
            secure(channel, context);
        }
    }

    void hangUp() {
        dialling.dispose();
    }

    // ---- securing

    /** Begins TLS; whoever is given hears when that cannot even begin. */
    void secure(Channel channel, Consumer<MessagingException> failed) {
        loop.elsewhere(
                tls::context,
                context -> {
                    if (channel.isActive()) {
                        secure(channel, context);
                    }
                },
                error -> failed.accept(unprepared(error)));
    }

    // The name is that of the server that was configured, where a learnt one is only an address.
    private void secure(Channel channel, SslContext context) {
        int port = server.address().port();
        channel.pipeline().addFirst(TLS_HANDLER, context.newHandler(channel.alloc(), server.certifiedName(), port));
    }

    // ---- what went wrong

    /**
     * Makes an error of what could not be prepared, certificates and credentials among it; one that is not of ours is
     * told as a defect besides.
     */
    public MessagingException unprepared(Throwable error) {
        if (error instanceof MessagingException ours) {
            return ours;
        }
        loop.fault(error);
        return unreached("what we need for connecting could not be made", error);
    }

    MessagingException insecure(@Nullable Throwable cause) {
        return new MessagingException(
                ErrorCode.TLS_FAILED,
                "the connection could not be secured"
                        + (cause == null ? "" : ": " + WireProtocol.printable(String.valueOf(cause.getMessage()))),
                server.address() + ", certificate for " + server.certifiedName(),
                "check the certificates, the names in them, and what is trusted",
                cause);
    }

    // What the platform says of a connection that could not be made, in words that say where to look.
    private String reasonOf(Throwable error) {
        String said = String.valueOf(error.getMessage());
        String words = said.toLowerCase(Locale.ROOT);
        if (error instanceof ConnectTimeoutException || words.contains("timed out")) {
            return "no answer within " + timeouts.connectTimeout().toMillis() + " ms";
        }

        if (words.contains("refused")) {
            return "connection refused, nothing listens at this port";
        }

        if (words.contains("no route") || words.contains("unreachable")) {
            return "there is no way to its network";
        }

        return error.getClass().getSimpleName() + ": " + WireProtocol.printable(said);
    }

    /** How the end of a link is told: whether it ever was up decides what is to be looked at. */
    MessagingException ended(boolean wasUp, String what, @Nullable Throwable cause) {
        return wasUp ? lost(what, cause) : unreached(what, cause);
    }

    private MessagingException unreached(String what, @Nullable Throwable cause) {
        return new MessagingException(
                ErrorCode.DISCONNECTED,
                "the server cannot be connected to: " + what,
                server.address().toString(),
                server.learnt()
                        ? "nothing: it is one that another server told of, and is tried again beside that"
                        : "check that it runs, and its address in "
                                + loop.protocol().settings()
                                + ", with Spring "
                                + loop.protocol().setting("servers") + "; it is tried again",
                cause);
    }

    private MessagingException lost(String what, @Nullable Throwable cause) {
        return new MessagingException(
                ErrorCode.DISCONNECTED,
                "the connection is lost: " + what,
                server.address().toString(),
                "nothing, when it passes: we connect again",
                cause);
    }

    MessagingException tooManyFlushes() {
        return new MessagingException(
                ErrorCode.CONNECTION_FULL,
                Liveness.PINGS_MAX + " flushes wait for their answer",
                server.address().toString(),
                "wait for some of them");
    }
}
