package io.leasehold.nats.connection;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.netty.channel.Channel;
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
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.netty.tcp.TcpClient;

/** Dials one server, decides whether the connection must be secured, secures it, and says who we are. */
final class Handshake {
    private static final int KIB = 1_024;
    private static final WriteBufferWaterMark WATER = new WriteBufferWaterMark(256 * KIB, 512 * KIB);
    private static final String TLS_HANDLER = "leasehold.tls";
    private static final String LINK_HANDLER = "leasehold.link";

    private final ConnectionLoop loop;
    private final ConnectionSettings settings;
    private final ServerPool.Entry server;
    private final long epoch;
    private final boolean mustBeSecured;
    private final Disposable.Swap dialling = Disposables.swap();
    private boolean secured;
    private int addresses;

    /**
     * For one attempt.
     *
     * @param securedBefore whether a server was talked to under TLS before: from then on no other way is taken
     */
    Handshake(
            ConnectionLoop loop,
            ConnectionSettings settings,
            ServerPool.Entry server,
            long epoch,
            boolean securedBefore) {
        this.loop = loop;
        this.settings = settings;
        this.server = server;
        this.epoch = epoch;
        this.mustBeSecured =
                securedBefore || server.address().tls() || settings.tls().mode() != TlsSettings.Mode.AS_ASKED;
    }

    ConnectionSettings settings() {
        return settings;
    }

    ServerPool.Entry server() {
        return server;
    }

    long epoch() {
        return epoch;
    }

    boolean isTlsFirst() {
        return settings.tls().mode() == TlsSettings.Mode.FIRST;
    }

    boolean isSecured() {
        return secured;
    }

    void secured() {
        secured = true;
    }

    // ---- dialling

    void dial(Link link) {
        loop.elsewhere(this::prepared, prepared -> connect(link, prepared), error -> link.end(unproven(error), false));
    }

    /** What blocks: certificates are read, and the JDK reads a file of its own before its first socket. */
    private Prepared prepared() throws IOException {
        if (!loop.isNative()) {
            new Socket().close();
        }
        SslContext tls = isTlsFirst() ? settings.tls().context() : null;
        return new Prepared(resolved(), tls);
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

    private void connect(Link link, Prepared prepared) {
        if (link.isOver()) {
            return;
        }
        addresses = prepared.addresses().size();
        // Each attempt takes another one.
        InetAddress address = prepared.addresses().get((int) (epoch % addresses));
        InetSocketAddress remote =
                new InetSocketAddress(address, server.address().port());
        int millis = (int) settings.timeouts().connectTimeout().toMillis();
        // The resolver before the loops, for which another one would be made and kept for ever.
        TcpClient client = TcpClient.newConnection()
                .resolver(NoopAddressResolverGroup.INSTANCE)
                .runOn(loop.resources(), loop.isNative())
                .remoteAddress(() -> remote)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER)
                .doOnChannelInit((observer, channel, to) -> prepare(channel, link, prepared.tls()));
        dialling.replace(client.connect()
                .subscribe(
                        connection -> {},
                        error -> loop.execute(() -> link.end(unreached(reasonOf(error), error), false))));
    }

    private void prepare(Channel channel, Link link, @Nullable SslContext tls) {
        if (channel instanceof EpollSocketChannel epoll) {
            epoll.config()
                    .setTcpUserTimeout((int) settings.timeouts().writeTimeout().toMillis());
        }
        channel.pipeline().addFirst(LINK_HANDLER, link);
        if (tls != null) {
            secure(channel, tls);
        }
    }

    void hangUp() {
        dialling.dispose();
    }

    // ---- securing

    /** Why a server that says this of itself cannot be used; null when it can. */
    @Nullable
    MessagingException problemWith(ServerInfo info) {
        if (!secured && mustBeSecured && !info.offersTls()) {
            return new MessagingException(
                    ErrorCode.TLS_FAILED,
                    "the server does not offer TLS, and we must not do without",
                    server.address().toString(),
                    "check that it is the right server, and that nobody stands between");
        }
        if (!info.hasHeaders()) {
            return new MessagingException(
                    ErrorCode.REFUSED,
                    "the server takes no headers (version " + info.version() + ")",
                    server.address().toString(),
                    "use a server of 2.9 or newer");
        }
        return null;
    }

    boolean mustSecure(ServerInfo info) {
        return !secured && (mustBeSecured || info.wantsTls());
    }

    /** Begins TLS on a connection whose server has greeted us in plain. */
    void secure(Link link, Channel channel) {
        loop.elsewhere(
                settings.tls()::context,
                tls -> {
                    if (channel.isActive()) {
                        secure(channel, tls);
                    }
                },
                error -> link.end(unproven(error), false));
    }

    // The name is that of the server that was configured, where a learnt one is only an address.
    private void secure(Channel channel, SslContext tls) {
        int port = server.address().port();
        channel.pipeline().addFirst(TLS_HANDLER, tls.newHandler(channel.alloc(), server.certifiedName(), port));
    }

    // ---- who we are

    /** The JSON of {@code CONNECT}; may block. */
    byte[] connectMessage(ServerInfo info) {
        if (!secured && server.learnt() && settings.credentials().canBeReplayed()) {
            throw new MessagingException(
                    ErrorCode.TLS_FAILED,
                    "a password or token is not sent in plain to a server that we only were told of",
                    server.address().toString(),
                    "use TLS, or name this server in the settings");
        }
        JsonLine connect = new JsonLine()
                .add("verbose", false)
                .add("pedantic", false)
                .add("tls_required", secured)
                .add("name", loop.context().clientName())
                .add("lang", "java")
                .add("version", "leasehold")
                .add("protocol", 1)
                .add("headers", true)
                .add("no_responders", true)
                .add("echo", true);
        settings.credentials().prove(info.nonce(), connect);
        return connect.end();
    }

    // ---- what went wrong

    MessagingException unproven(Throwable error) {
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
                        + (cause == null ? "" : ": " + ServerInfo.printable(String.valueOf(cause.getMessage()))),
                server.address() + ", certificate for " + server.certifiedName(),
                "check the certificates, the names in them, and what is trusted",
                cause);
    }

    // What the platform says of a connection that could not be made, in words that say where to look.
    private String reasonOf(Throwable error) {
        String said = String.valueOf(error.getMessage());
        String words = said.toLowerCase(Locale.ROOT);
        if (error instanceof ConnectTimeoutException || words.contains("timed out")) {
            return "no answer within " + settings.timeouts().connectTimeout().toMillis() + " ms";
        }
        if (words.contains("refused")) {
            return "connection refused, nothing listens at this port";
        }
        if (words.contains("no route") || words.contains("unreachable")) {
            return "there is no way to its network";
        }
        return error.getClass().getSimpleName() + ": " + ServerInfo.printable(said);
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
                        : "check that it runs, and its address in NatsSettings, with Spring leasehold.nats.servers;"
                                + " it is tried again",
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
