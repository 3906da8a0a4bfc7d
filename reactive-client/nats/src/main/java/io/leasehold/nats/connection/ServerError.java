package io.leasehold.nats.connection;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.wire.WireProtocol;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server complains of in {@code -ERR}. The texts are those of nats-server; they are compared without regard to
 * case, by what is in them.
 *
 * @param kind what it means for us
 * @param text as the server says it, made printable
 * @param subject the subject that was denied; empty when nothing was
 * @param queue the queue group that was denied with it; empty when none was
 */
record ServerError(Kind kind, String text, String subject, String queue) {
    private static final int TEXT_MAX = 2_048;
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");
    private static final List<String> AUTHENTICATION = List.of(
            "authorization violation",
            "authentication timeout",
            "user authentication expired",
            "user authentication revoked",
            "account authentication expired",
            "authentication expired",
            "authentication revoked");
    private static final List<String> HARMLESS =
            List.of("invalid subject", "invalid publish subject", "maximum subscriptions exceeded");

    private static final Map<String, String> ADVICE = Map.ofEntries(
            Map.entry("maximum subscriptions exceeded", "raise max_subscriptions, or consume less over one connection"),
            Map.entry("maximum connections exceeded", "raise max_connections of the server, or close what nobody uses"),
            Map.entry("active connections exceeded", "raise the limit of the account, or close what nobody uses"),
            Map.entry("maximum payload violation", "publish less in one message, or raise max_payload"),
            Map.entry("maximum control line exceeded", "use shorter topics, or raise max_control_line"),
            Map.entry("tls required", "switch TLS on: leasehold.nats.tls.mode, NatsSettings.tls"),
            Map.entry(
                    "stale connection", "nothing, when it passes; else look at the network and the load of both sides"),
            Map.entry("slow consumer", "nothing, when it passes; else raise write_deadline and max_pending"),
            Map.entry("headers", "have the server take headers: it switched them off"),
            Map.entry("subject", "use topics that the server takes"));

    enum Kind {
        /** Who we are is not accepted; the connection ends. */
        AUTHENTICATION,
        /** A publish was not permitted; the connection stays. */
        PUBLISH_DENIED,
        /** A subscription was not permitted and does not exist; the connection stays. */
        SUBSCRIPTION_DENIED,
        /** Something was refused; the connection stays. */
        HARMLESS,
        /** Anything else: the connection ends. */
        FATAL
    }

    static ServerError of(String said) {
        String text = WireProtocol.printable(said.substring(0, Math.min(said.length(), TEXT_MAX)));
        Kind kind = kind(text.toLowerCase(Locale.ROOT));
        Matcher quoted = QUOTED.matcher(text);
        boolean denied = kind == Kind.PUBLISH_DENIED || kind == Kind.SUBSCRIPTION_DENIED;
        String subject = denied && quoted.find() ? quoted.group(1) : "";
        return new ServerError(kind, text, subject, denied && quoted.find() ? quoted.group(1) : "");
    }

    private static Kind kind(String lower) {
        if (lower.contains("permissions violation for publish")) {
            return Kind.PUBLISH_DENIED;
        }

        if (lower.contains("permissions violation")) {
            return Kind.SUBSCRIPTION_DENIED;
        }

        if (AUTHENTICATION.stream().anyMatch(lower::contains)) {
            return Kind.AUTHENTICATION;
        }

        return HARMLESS.stream().anyMatch(lower::contains) ? Kind.HARMLESS : Kind.FATAL;
    }

    boolean endsConnection() {
        return kind == Kind.AUTHENTICATION || kind == Kind.FATAL;
    }

    /** The same as an error of ours. */
    MessagingException toException(String server) {
        return switch (kind) {
            case AUTHENTICATION ->
                new MessagingException(
                        ErrorCode.NOT_PERMITTED,
                        "the server does not accept who we are: " + text,
                        server,
                        "check the credentials and what the server expects");
            case PUBLISH_DENIED, SUBSCRIPTION_DENIED ->
                new MessagingException(
                        ErrorCode.NOT_PERMITTED,
                        "the server does not permit it: " + text,
                        subject.isEmpty() ? server : subject,
                        "grant the user this subject");
            case HARMLESS ->
                new MessagingException(
                        ErrorCode.REFUSED,
                        "the server refuses it: " + text,
                        server,
                        advice("see what the server logs"));
            case FATAL ->
                new MessagingException(
                        ErrorCode.DISCONNECTED,
                        "the server ends the connection: " + text,
                        server,
                        advice("nothing, when it passes: we connect again"));
        };
    }

    private String advice(String otherwise) {
        String lower = text.toLowerCase(Locale.ROOT);
        return ADVICE.entrySet().stream()
                .filter(known -> lower.contains(known.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(otherwise);
    }
}
