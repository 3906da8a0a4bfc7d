package io.leasehold.nats.connection;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Where a server listens.
 *
 * @param host a name or an address; IPv6 without brackets
 * @param port 1 to 65,535
 * @param tls whether TLS was asked for by {@code tls://}
 */
public record ServerAddress(String host, int port, boolean tls) {
    private static final int DEFAULT_PORT = 4222;
    private static final int PORT_MAX = 65_535;

    /**
     * Reads {@code [nats://|tls://]host[:port]}, as users and servers write it; the port is 4222 where it is missing.
     * Credentials have no place in it: they would end up in logs.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING}
     */
    public static ServerAddress parse(String text) {
        String whole = text.contains("://") ? text : "nats://" + text;
        try {
            URI uri = new URI(whole.strip());
            return of(uri, text);
        } catch (URISyntaxException malformed) {
            // Its message would repeat the text.
            throw bad("it is no address", "");
        }
    }

    private static ServerAddress of(URI uri, String text) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (uri.getRawUserInfo() != null || text.contains("@")) {
            throw bad("it holds credentials", "");
        }
        if (!scheme.equals("nats") && !scheme.equals("tls")) {
            throw bad("its scheme is not nats or tls", text);
        }
        String host = uri.getHost();
        boolean more = uri.getRawQuery() != null
                || uri.getRawFragment() != null
                || !uri.getRawPath().isEmpty();
        if (host == null || host.isEmpty() || more) {
            throw bad("it is not host:port", text);
        }
        int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        if (port < 1 || port > PORT_MAX) {
            throw bad("its port is not in 1..65535", text);
        }
        boolean bracketed = host.startsWith("[");
        return new ServerAddress(bracketed ? host.substring(1, host.length() - 1) : host, port, scheme.equals("tls"));
    }

    private static MessagingException bad(String what, String text) {
        return new MessagingException(
                ErrorCode.BAD_SETTING,
                "a server address cannot be used: " + what,
                "nats.servers" + (text.isEmpty() ? "" : ", '" + text + "'"),
                "write nats://host:4222 or tls://host:4222, and give credentials apart");
    }

    /** As it is shown: {@code host:port}. */
    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
