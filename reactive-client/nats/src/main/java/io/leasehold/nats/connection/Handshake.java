package io.leasehold.nats.connection;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.FrameDecoder;
import io.leasehold.nats.protocol.FrameSink;
import io.leasehold.nats.protocol.JsonWriter;
import io.leasehold.wire.TcpConnector;
import org.jspecify.annotations.Nullable;

/** Decides by what a server says of itself whether and how it is talked to, and says who we are. */
final class Handshake {
    private final ConnectionSettings settings;
    private final TcpConnector connector;
    private final String clientName;

    Handshake(ConnectionSettings settings, TcpConnector connector, String clientName) {
        this.settings = settings;
        this.connector = connector;
        this.clientName = clientName;
    }

    /** A decoder of what a server says of which nothing was heard yet. */
    FrameDecoder newDecoder(FrameSink sink) {
        return new FrameDecoder(settings.inbound(), sink);
    }

    /** Why a server that says this of itself cannot be used; null when it can. */
    @Nullable
    MessagingException problemWith(ServerInfo info) {
        if (!connector.isSecured() && connector.mustBeSecured() && !info.offersTls()) {
            return new MessagingException(
                    ErrorCode.TLS_FAILED,
                    "the server does not offer TLS, and we must not do without",
                    connector.server().address().toString(),
                    "check that it is the right server, and that nobody stands between");
        }

        if (!info.hasHeaders()) {
            return new MessagingException(
                    ErrorCode.REFUSED,
                    "the server takes no headers (version " + info.version() + ")",
                    connector.server().address().toString(),
                    "use a server of 2.9 or newer");
        }

        return null;
    }

    boolean mustSecure(ServerInfo info) {
        return !connector.isSecured() && (connector.mustBeSecured() || info.wantsTls());
    }

    /** The JSON of {@code CONNECT}; may block. */
    byte[] connectMessage(ServerInfo info) {
        if (!connector.isSecured()
                && connector.server().learnt()
                && settings.credentials().canBeReplayed()) {
            throw new MessagingException(
                    ErrorCode.TLS_FAILED,
                    "a password or token is not sent in plain to a server that we only were told of",
                    connector.server().address().toString(),
                    "use TLS, or name this server in the settings");
        }
        JsonWriter connect = new JsonWriter()
                .add("verbose", false)
                .add("pedantic", false)
                .add("tls_required", connector.isSecured())
                .add("name", clientName)
                .add("lang", "java")
                .add("version", "leasehold")
                .add("protocol", 1)
                .add("headers", true)
                .add("no_responders", true)
                .add("echo", true);
        settings.credentials().prove(info.nonce(), connect);

        return connect.end();
    }
}
