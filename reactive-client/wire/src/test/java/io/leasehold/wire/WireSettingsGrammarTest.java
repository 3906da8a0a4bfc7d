package io.leasehold.wire;

import io.leasehold.SettingsGrammar;
import java.util.Set;

/** The settings of connections are made in one way, by each protocol. */
class WireSettingsGrammarTest extends SettingsGrammar {
    @Override
    protected Set<Class<?>> settings() {
        return Set.of(Timeouts.class, TlsSettings.class);
    }

    @Override
    protected Set<Class<?>> values() {
        return Set.of();
    }

    @Override
    protected Set<Class<?>> takers() {
        return Set.of();
    }

    @Override
    protected Object builder(Class<?> type) throws ReflectiveOperationException {
        return type.getMethod("builder", WireProtocol.class).invoke(null, TestLoop.PROTOCOL);
    }

    @Override
    protected Object defaults(Class<?> type) throws ReflectiveOperationException {
        return type.getMethod("defaults", WireProtocol.class).invoke(null, TestLoop.PROTOCOL);
    }
}
