package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.broker.Broker;
import io.leasehold.nats.NatsBroker;
import org.jspecify.annotations.Nullable;

/** Makes a broker for each client that is told where NATS listens. */
final class NatsBrokerFactory implements BrokerFactory<NatsProperties> {
    static final String NAME = "nats";
    static final String ADDRESS = "servers";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<NatsProperties> properties() {
        return NatsProperties.class;
    }

    @Override
    public String addressProperty() {
        return ADDRESS;
    }

    @Override
    public boolean isAddressed(NatsProperties properties) {
        return !properties.servers().isEmpty();
    }

    @Override
    public Broker create(NatsProperties properties) {
        return NatsBroker.of(properties.settings());
    }

    @Override
    public @Nullable StartLimits startLimits(NatsProperties properties) {
        boolean failFast = Boolean.TRUE.equals(properties.connection().failFast());
        return failFast ? properties.startLimits() : null;
    }
}
