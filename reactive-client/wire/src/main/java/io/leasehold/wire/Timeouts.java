package io.leasehold.wire;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.pace.Backoff;
import java.time.Duration;

/**
 * Says what may take how long on a connection.
 *
 * @param connectTimeout from the first packet to the server's welcome; default 5 s, 10 ms to 10 min
 * @param pingEvery how often a silent server is asked whether it is there; default 1 s, 10 ms to 10 min
 * @param pongTimeout how long a server may be silent after that; default 2 s, 10 ms to 10 min; together with
 *     {@code pingEvery} well below a lease and the timeout of a publish, which is then written again in time
 * @param writeTimeout how long bytes may wait to leave us; default 5 s, 10 ms to 10 min
 * @param closeTimeout how long closing may take; default 5 s, 10 ms to 10 min
 * @param reconnect the delays between rounds over all servers; default 100 ms doubling to 5 s, spread by half
 */
@CheckReturnValue
public record Timeouts(
        Duration connectTimeout,
        Duration pingEvery,
        Duration pongTimeout,
        Duration writeTimeout,
        Duration closeTimeout,
        Backoff reconnect) {
    private static final Duration LEAST = Duration.ofMillis(10);
    private static final Duration MOST = Duration.ofMinutes(10);

    /** The defaults. */
    public static final Timeouts DEFAULTS = new Timeouts(
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Backoff.builder()
                    .first(Duration.ofMillis(100))
                    .max(Duration.ofSeconds(5))
                    .jitter(0.5)
                    .build());

    /** Returns the same, asking silent servers so often and giving them so long. */
    public Timeouts pinging(Duration every, Duration within) {
        return new Timeouts(connectTimeout, every, within, writeTimeout, closeTimeout, reconnect);
    }

    /** Returns the same with other delays between rounds. */
    public Timeouts reconnecting(Backoff delays) {
        return new Timeouts(connectTimeout, pingEvery, pongTimeout, writeTimeout, closeTimeout, delays);
    }

    /**
     * Checks the bounds.
     *
     * @param protocol whose settings these are, for errors
     * @throws MessagingException {@link ErrorCode#BAD_SETTING}
     */
    public void require(WireProtocol protocol) {
        require(protocol.setting("connect-timeout"), connectTimeout);
        require(protocol.setting("ping-every"), pingEvery);
        require(protocol.setting("pong-timeout"), pongTimeout);
        require(protocol.setting("write-timeout"), writeTimeout);
        require(protocol.setting("close-timeout"), closeTimeout);
    }

    private static void require(String setting, Duration time) {
        if (time.compareTo(LEAST) < 0 || time.compareTo(MOST) > 0) {
            throw MessagingException.badSetting(setting, time, "in 10 ms..10 min");
        }
    }
}
