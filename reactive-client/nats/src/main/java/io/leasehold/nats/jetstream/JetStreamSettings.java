package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.Subject;
import java.time.Duration;

/**
 * Says how JetStream is used.
 *
 * @param apiPrefix where its API listens; {@code $JS.API}, or {@code $JS.<domain>.API}
 * @param requestLimit how long an answer is waited for, 100 ms or more
 * @param connections how many connections a client has, 1 to 64: the members of its groups are spread over them, and
 *     its publishes by key, or by topic where there is none
 * @param pullBytes how many bytes a pull asks for at most, 1 KiB or more; a message that is longer comes nevertheless
 * @param terminateReasons whether a terminate is written with its reason, for whoever listens to advisories; only
 *     where all servers of a cluster are 2.10.4 or newer: older ones answer such a terminate, and do not carry it out
 * @param streams what is done about streams and consumers
 */
public record JetStreamSettings(
        String apiPrefix,
        Duration requestLimit,
        int connections,
        int pullBytes,
        boolean terminateReasons,
        StreamSettings streams) {
    /** The API of this account, 5 s, one connection, 16 MiB, no reasons, and streams as they are by default. */
    public static final JetStreamSettings DEFAULTS =
            new JetStreamSettings("$JS.API", Duration.ofSeconds(5), 1, 1 << 24, false, StreamSettings.DEFAULTS);

    private static final int CONNECTIONS_MAX = 64;
    private static final int PULL_BYTES_MIN = 1024;

    /**
     * Checks the bounds.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING}
     */
    public JetStreamSettings {
        if (requestLimit.compareTo(Duration.ofMillis(100)) < 0) {
            throw MessagingException.badSetting("nats.request-limit", requestLimit, "100 ms or more");
        }
        if (connections < 1 || connections > CONNECTIONS_MAX) {
            throw MessagingException.badSetting("nats.connections", connections, "in 1.." + CONNECTIONS_MAX);
        }
        if (pullBytes < PULL_BYTES_MIN) {
            throw MessagingException.badSetting("nats.pull-bytes", pullBytes, PULL_BYTES_MIN + " or more");
        }
        Subject.of(apiPrefix);
    }

    /** Returns the same with its API at another place. */
    public JetStreamSettings at(String prefix) {
        return new JetStreamSettings(prefix, requestLimit, connections, pullBytes, terminateReasons, streams);
    }

    /** Returns the same over so many connections. */
    public JetStreamSettings over(int count) {
        return new JetStreamSettings(apiPrefix, requestLimit, count, pullBytes, terminateReasons, streams);
    }

    /** Returns the same, waiting for answers for so long. */
    public JetStreamSettings within(Duration limit) {
        return new JetStreamSettings(apiPrefix, limit, connections, pullBytes, terminateReasons, streams);
    }

    /** Returns the same, with the reasons of terminates or without. */
    public JetStreamSettings tellingReasons(boolean tell) {
        return new JetStreamSettings(apiPrefix, requestLimit, connections, pullBytes, tell, streams);
    }

    /** Returns the same with other streams. */
    public JetStreamSettings with(StreamSettings other) {
        return new JetStreamSettings(apiPrefix, requestLimit, connections, pullBytes, terminateReasons, other);
    }
}
