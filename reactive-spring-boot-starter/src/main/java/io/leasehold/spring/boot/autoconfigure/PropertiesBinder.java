package io.leasehold.spring.boot.autoconfigure;

import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.Environment;

/** Binds records below prefixes that only the environment knows, by the rules of {@link LeaseholdProperties}. */
final class PropertiesBinder {
    private final Environment environment;
    private final BindingRules rules;
    private final KnownProperties known;

    PropertiesBinder(Environment environment, BindingRules rules, KnownProperties known) {
        this.environment = environment;
        this.rules = rules;
        this.known = known;
    }

    /**
     * Binds a record, with its defaults where nothing is set. Refuses what is below the prefix and not in the record.
     *
     * @throws org.springframework.boot.context.properties.bind.BindException naming the property that is wrong
     */
    <P> P bindAll(ConfigurationPropertyName prefix, Class<P> type) {
        return bind(
                prefix, type, new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter()));
    }

    /**
     * Binds a record, with its defaults where nothing is set. Leaves alone what else is below the prefix.
     *
     * @throws org.springframework.boot.context.properties.bind.BindException naming the property that is wrong
     */
    <P> P bindSome(ConfigurationPropertyName prefix, Class<P> type) {
        return bind(prefix, type, BindHandler.DEFAULT);
    }

    private <P> P bind(ConfigurationPropertyName prefix, Class<P> type, BindHandler handler) {
        Binder binder = new Binder(
                ClientVariables.in(environment, known).sourcesOf(environment),
                new PropertySourcesPlaceholdersResolver(environment));
        return binder.bindOrCreate(prefix, Bindable.of(type), rules.apply(handler));
    }
}
