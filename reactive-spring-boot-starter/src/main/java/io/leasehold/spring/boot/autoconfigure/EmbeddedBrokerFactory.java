package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.broker.Broker;
import io.leasehold.embedded.EmbeddedBroker;

/** Makes a broker in this process for each client that is given no other one. */
final class EmbeddedBrokerFactory implements BrokerFactory<EmbeddedProperties> {
    static final String NAME = "embedded";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<EmbeddedProperties> properties() {
        return EmbeddedProperties.class;
    }

    @Override
    public boolean isAddressed(EmbeddedProperties properties) {
        return false;
    }

    @Override
    public Broker create(EmbeddedProperties properties) {
        return EmbeddedBroker.create(properties.settings());
    }
}
