package io.leasehold.nats;

import io.leasehold.SettingsGrammar;
import io.leasehold.nats.connection.ConnectionSettings;
import io.leasehold.nats.jetstream.JetStreamSettings;
import io.leasehold.nats.jetstream.StreamSettings;
import io.leasehold.nats.jetstream.StreamSpec;
import io.leasehold.nats.protocol.DecoderLimits;
import java.util.Set;

/** The settings of NATS are made in one way. */
class NatsSettingsGrammarTest extends SettingsGrammar {
    @Override
    protected Set<Class<?>> settings() {
        return Set.of(
                ConnectionSettings.class,
                DecoderLimits.class,
                JetStreamSettings.class,
                NatsSettings.class,
                NatsStream.class,
                StreamSettings.class,
                StreamSpec.class);
    }

    @Override
    protected Set<Class<?>> values() {
        return Set.of();
    }

    @Override
    protected Set<Class<?>> takers() {
        return Set.of(NatsBroker.class);
    }

    // Who we are goes in and does not come out; a domain is a prefix of the API, and each stream is one of all.
    @Override
    protected Set<String> unread() {
        return Set.of(
                "username", "password", "token", "nkeySeed", "nkeySeedFile", "credentialsFile", "domain", "stream");
    }

    // A stream has no defaults: it is named, and keeps what it is told to.
    @Override
    protected Object builder(Class<?> type) throws ReflectiveOperationException {
        if (type == NatsStream.class) {
            return NatsStream.builder("orders").subjects("orders.>");
        }
        return type == StreamSpec.class
                ? NatsStream.builder("orders")
                        .subjects("orders.>")
                        .build()
                        .spec()
                        .mutate()
                : super.builder(type);
    }

    @Override
    protected Object defaults(Class<?> type) throws ReflectiveOperationException {
        if (type == NatsStream.class) {
            return NatsStream.builder("orders").subjects("orders.>").build();
        }
        return type == StreamSpec.class
                ? NatsStream.builder("orders").subjects("orders.>").build().spec()
                : super.defaults(type);
    }
}
