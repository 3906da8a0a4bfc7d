package io.leasehold.nats.connection;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.Json;
import io.leasehold.wire.ServerAddress;
import io.leasehold.wire.ServerPool;
import io.leasehold.wire.WireProtocol;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a server tells of itself in {@code INFO}, of which only the facts are kept that somebody asks for. See the NATS
 * client protocol, INFO.
 */
public final class ServerInfo {
    /** What a server takes that does not tell: 1 MiB. */
    static final long MAX_PAYLOAD = 1 << 20;

    private static final int TEXT_MAX = 512;
    private static final String LEAVING = "ldm";
    private static final String CONNECT_URLS = "connect_urls";
    private static final Set<String> KEPT = Set.of(
            "server_id",
            "server_name",
            "version",
            "headers",
            "max_payload",
            "tls_required",
            "tls_available",
            "nonce",
            CONNECT_URLS,
            LEAVING,
            "jetstream",
            "cluster",
            "domain");
    private static final Json JSON = new Json(new Json.Bounds(8, 20, TEXT_MAX, true), ServerInfo::malformed);

    /** What is known before a server has said anything. */
    static final ServerInfo UNKNOWN = new ServerInfo(Map.of());

    private final Map<String, Object> facts;
    private final long maxPayload;

    private ServerInfo(Map<String, Object> facts) {
        this.facts = Map.copyOf(facts);
        this.maxPayload = Math.max(0, number("max_payload", MAX_PAYLOAD));
    }

    /**
     * Reads the JSON of an {@code INFO}.
     *
     * @throws MessagingException {@link ErrorCode#PROTOCOL}
     */
    static ServerInfo read(byte[] json) {
        Map<String, Object> facts = new HashMap<>();
        JSON.read(json, KEPT::contains).forEach((name, told) -> {
            Object fact = fact(told);
            if (fact != null) {
                facts.put(name, fact);
            }
        });
        return new ServerInfo(facts);
    }

    private static MessagingException malformed() {
        return new MessagingException(
                ErrorCode.PROTOCOL,
                "a server's INFO is not the JSON that the protocol wants",
                "INFO",
                "check that a NATS server listens at this address");
    }

    // What is kept of what was told; null where that is of no kind that anybody asks for.
    private static @Nullable Object fact(Object told) {
        if (told instanceof String text) {
            return shown(text);
        }
        if (told instanceof List<?> list) {
            return list.stream()
                    .filter(String.class::isInstance)
                    .limit(ServerPool.LEARNT_MAX)
                    .map(text -> shown(String.valueOf(text)))
                    .toList();
        }
        return told instanceof Long || told instanceof Boolean ? told : null;
    }

    private static String shown(String text) {
        return WireProtocol.printable(text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX));
    }

    /** These facts, brought up to date by a later {@code INFO}, which may leave out what has not changed. */
    ServerInfo mergedWith(ServerInfo later) {
        Map<String, Object> merged = new HashMap<>(facts);
        merged.remove(LEAVING);
        merged.putAll(later.facts);
        return new ServerInfo(merged);
    }

    /** These facts without what decides where we go next: it was not said under TLS, so anybody may have said it. */
    ServerInfo withoutHearsay() {
        Map<String, Object> kept = new HashMap<>(facts);
        kept.remove(LEAVING);
        kept.remove(CONNECT_URLS);
        return new ServerInfo(kept);
    }

    private String text(String name) {
        return facts.get(name) instanceof String text ? text : "";
    }

    private boolean flag(String name) {
        return Boolean.TRUE.equals(facts.get(name));
    }

    private long number(String name, long otherwise) {
        return facts.get(name) instanceof Long number ? number : otherwise;
    }

    /** Its id, which a restart changes. */
    public String id() {
        return text("server_id");
    }

    /** Its name; the id where it has none. */
    public String name() {
        return text("server_name").isEmpty() ? id() : text("server_name");
    }

    /** Its version, as in {@code 2.10.27}. */
    public String version() {
        return text("version");
    }

    /** Whether it has at least this version; what follows the three numbers does not count. */
    public boolean isAtLeast(int major, int minor, int patch) {
        String[] parts = version().split("[.+-]", -1);
        int[] wanted = {major, minor, patch};
        for (int i = 0; i < wanted.length; i++) {
            int part = i < parts.length ? digits(parts[i]) : 0;
            if (part != wanted[i]) {
                return part > wanted[i];
            }
        }
        return true;
    }

    private static int digits(String text) {
        return text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 0;
    }

    /** How many bytes headers and body of one message may have together. */
    public long maxPayload() {
        return maxPayload;
    }

    /** Whether it takes headers; every server since 2.2 does. */
    public boolean hasHeaders() {
        return flag("headers");
    }

    /** Whether JetStream is switched on. */
    public boolean hasJetStream() {
        return flag("jetstream");
    }

    /** Whether it is about to shut down ("lame duck mode"). */
    public boolean isLeaving() {
        return flag(LEAVING);
    }

    /** The cluster it belongs to; empty when it stands alone. */
    public String cluster() {
        return text("cluster");
    }

    /** Its JetStream domain; mostly empty. */
    public String domain() {
        return text("domain");
    }

    String nonce() {
        return text("nonce");
    }

    boolean wantsTls() {
        return flag("tls_required");
    }

    boolean offersTls() {
        return flag("tls_available") || wantsTls();
    }

    /** The servers that it tells of; empty when it tells of none. */
    List<ServerAddress> told() {
        List<?> texts = facts.get(CONNECT_URLS) instanceof List<?> list ? list : List.of();
        return texts.stream()
                .map(String::valueOf)
                .flatMap(text -> address(text).stream())
                .toList();
    }

    /** How many of those that it tells of cannot be read. */
    int toldInVain() {
        return facts.get(CONNECT_URLS) instanceof List<?> list ? list.size() - told().size() : 0;
    }

    // One that cannot be read is left out: the others are still good.
    private static Optional<ServerAddress> address(String text) {
        try {
            return Optional.of(ServerAddress.parse(ConnectionSettings.PROTOCOL, text));
        } catch (MessagingException unfit) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "ServerInfo[" + name() + " " + version() + "]";
    }
}
