package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.time.Duration;

/**
 * How JetStream is used.
 *
 * @param apiPrefix where its API listens; {@code $JS.API}, or {@code $JS.<domain>.API}
 * @param requestLimit how long an answer is waited for
 * @param streams what is done about streams and consumers
 */
public record JetStreamSettings(String apiPrefix, Duration requestLimit, StreamSettings streams) {
    /** The API of this account, 5 s, and streams as they are by default. */
    public static final JetStreamSettings DEFAULTS =
            new JetStreamSettings("$JS.API", Duration.ofSeconds(5), StreamSettings.DEFAULTS);

    /**
     * Checks the bounds.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING}
     */
    public JetStreamSettings {
        if (requestLimit.compareTo(Duration.ofMillis(100)) < 0) {
            throw MessagingException.badSetting("nats.request-limit", requestLimit, "100 ms or more");
        }
    }
}
