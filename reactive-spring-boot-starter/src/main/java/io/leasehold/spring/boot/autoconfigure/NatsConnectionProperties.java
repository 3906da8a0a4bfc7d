package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.nats.NatsSettings;
import io.leasehold.pace.Backoff;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a connection to NATS is kept. What is not set stays as {@link NatsSettings} has it.
 *
 * @param connectTimeout from the first packet to the server's welcome; 10 ms to 10 min
 * @param pingEvery how often a silent server is asked whether it is there; 10 ms to 10 min
 * @param pongTimeout how long a server may be silent after that; 10 ms to 10 min, well below a lease
 * @param failFast whether the start ends, with the cause, when no server could be connected to in the first round, or
 *     when the broker refuses a listener; if not, the application starts and both are tried again and again
 * @param discoverServers whether servers that servers tell of are connected to as well
 * @param nativeTransport whether io_uring, epoll or kqueue is used where it is present, instead of NIO
 * @param inboxPrefix what the subjects begin with at which answers and deliveries arrive
 * @param refusedFor after how long of refused credentials the connection is given up for good; zero or nothing for
 *     never, so that credentials that are mended later are enough
 * @param reconnect the delays between rounds over all servers
 */
public record NatsConnectionProperties(
        @Nullable Duration connectTimeout,
        @Nullable Duration pingEvery,
        @Nullable Duration pongTimeout,
        @Nullable Boolean failFast,
        @Nullable Boolean discoverServers,
        @Nullable Boolean nativeTransport,
        @Nullable String inboxPrefix,
        @Nullable Duration refusedFor,
        @NestedConfigurationProperty @DefaultValue BackoffProperties reconnect) {
    /**
     * Tries each on the settings of the core.
     *
     * @throws io.leasehold.error.MessagingException {@code BAD_SETTING} naming the property
     */
    public NatsConnectionProperties {
        Refusals.check(
                "connect-timeout",
                connectTimeout,
                value -> NatsProperties.start().connectTimeout(value));
        Refusals.check("ping-every", pingEvery, value -> NatsProperties.start().pingEvery(value));
        Refusals.check(
                "pong-timeout", pongTimeout, value -> NatsProperties.start().pongTimeout(value));
        Refusals.check(
                "inbox-prefix", inboxPrefix, value -> NatsProperties.start().inboxPrefix(value));
        Refusals.check(
                "refused-for", refusedFor, value -> NatsProperties.start().refusedFor(value));
    }

    void addTo(NatsSettings.Builder builder) {
        NatsProperties.with(builder, connectTimeout, NatsSettings.Builder::connectTimeout);
        NatsProperties.with(builder, pingEvery, NatsSettings.Builder::pingEvery);
        NatsProperties.with(builder, pongTimeout, NatsSettings.Builder::pongTimeout);
        NatsProperties.with(builder, failFast, NatsSettings.Builder::failFast);
        NatsProperties.with(builder, discoverServers, NatsSettings.Builder::discoverServers);
        NatsProperties.with(builder, nativeTransport, NatsSettings.Builder::nativeTransport);
        NatsProperties.with(builder, inboxPrefix, NatsSettings.Builder::inboxPrefix);
        NatsProperties.with(builder, refusedFor, NatsSettings.Builder::refusedFor);
        Backoff usual = NatsProperties.start().build().reconnect();
        builder.reconnect(reconnect.applyTo(usual));
    }
}
