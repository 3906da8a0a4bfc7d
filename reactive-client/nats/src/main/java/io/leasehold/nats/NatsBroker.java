package io.leasehold.nats;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.broker.Broker;
import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.SessionContext;
import io.leasehold.nats.jetstream.JetStreamSession;
import java.util.stream.Collectors;

/**
 * NATS JetStream, servers 2.9 and later, alone or in a cluster. Topics are subjects, a group is a durable consumer of
 * its name.
 *
 * <pre>{@code
 * MessageClient client = MessageClient.builder().broker(NatsBroker.connect("nats://localhost:4222")).build();
 * }</pre>
 */
@CheckReturnValue
public final class NatsBroker implements Broker {
    private final NatsSettings settings;

    private NatsBroker(NatsSettings settings) {
        this.settings = settings;
    }

    /**
     * A broker at some servers, {@code nats://host:port} each, several separated by commas.
     *
     * @throws io.leasehold.error.MessagingException {@code BAD_SETTING}
     */
    public static NatsBroker connect(String servers) {
        return of(NatsSettings.builder().servers(servers).build());
    }

    /** A broker with settings. */
    public static NatsBroker of(NatsSettings settings) {
        return new NatsBroker(settings);
    }

    /** The settings. */
    public NatsSettings settings() {
        return settings;
    }

    @Override
    public String name() {
        return "nats";
    }

    @Override
    public String description() {
        return settings.connecting().servers().stream()
                .map(server -> (server.tls() ? "tls://" : "nats://") + server)
                .collect(Collectors.joining(", "));
    }

    /**
     * {@inheritDoc} Reads the files of credentials, certificates and keys before: blocks for that.
     *
     * @throws io.leasehold.error.MessagingException {@code BAD_SETTING} for those that can never work
     */
    @Override
    public BrokerSession open(SessionContext context) {
        settings.connecting().require();
        return new JetStreamSession(context, settings.connecting(), settings.jetStream());
    }
}
