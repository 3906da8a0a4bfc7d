package io.leasehold.wire;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says where a server listens.
 *
 * @param host a name or an address; IPv6 without brackets
 * @param port 1 to 65,535
 * @param tls whether its scheme asked for TLS
 */
@CheckReturnValue
public record ServerAddress(String host, int port, boolean tls) {
    private static final int PORT_MAX = 65_535;
    // What resolvers take: letters, digits, '-', '.' and '_', which names in container networks have.
    private static final String NAME = "[\\p{L}\\p{N}_][\\p{L}\\p{N}_.-]{0,252}";
    private static final String IPV6 = "[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(?:%[\\w.-]+)?";
    private static final Pattern PARTS = Pattern.compile("(?:\\[(" + IPV6 + ")]|(" + NAME + "))(?::(\\d{1,6}))?");

    /**
     * Reads {@code [scheme://]host[:port]}, as users and servers write it; scheme and port are those of the protocol
     * where they are missing. A host is a name that resolvers take, underscores included, or an address. Credentials
     * have no place in it: they would end up in logs.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING}
     */
    public static ServerAddress parse(WireProtocol protocol, String text) {
        String whole = text.strip();
        int scheme = whole.indexOf("://");
        String kind =
                scheme < 0 ? protocol.scheme() : whole.substring(0, scheme).toLowerCase(Locale.ROOT);
        String rest = scheme < 0 ? whole : whole.substring(scheme + 3);
        if (rest.indexOf('@') >= 0) {
            throw bad(protocol, "it holds credentials", "");
        }

        if (!kind.equals(protocol.scheme()) && !kind.equals(protocol.tlsScheme())) {
            throw bad(protocol, "its scheme is not " + protocol.scheme() + " or " + protocol.tlsScheme(), text);
        }

        Matcher parts = PARTS.matcher(rest);
        if (!parts.matches()) {
            throw bad(protocol, "it is not host:port", whole.matches("[\\w.:/\\[\\]-]{1,300}") ? whole : "");
        }

        String host = parts.group(1) == null ? parts.group(2) : parts.group(1);

        return new ServerAddress(host, port(protocol, parts.group(3), text), kind.equals(protocol.tlsScheme()));
    }

    private static int port(WireProtocol protocol, @Nullable String digits, String text) {
        int port = digits == null ? protocol.port() : Integer.parseInt(digits);
        if (port < 1 || port > PORT_MAX) {
            throw bad(protocol, "its port is not in 1..65535", text);
        }
        return port;
    }

    private static MessagingException bad(WireProtocol protocol, String what, String text) {
        return new MessagingException(
                ErrorCode.BAD_SETTING,
                "a server address cannot be used: " + what,
                protocol.setting("servers") + (text.isEmpty() ? "" : ", '" + text + "'"),
                "write " + protocol.scheme() + "://host:" + protocol.port() + " or " + protocol.tlsScheme() + "://host:"
                        + protocol.port() + ", and give credentials apart");
    }

    /** Shows the address as {@code host:port}. */
    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
