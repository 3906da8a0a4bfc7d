package io.leasehold.spring.boot.autoconfigure;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;

/** Says of each property that Leasehold does not know where it stands and which known one is most like it. */
@Order(0)
final class UnknownPropertyFailureAnalyzer extends AbstractFailureAnalyzer<UnboundConfigurationPropertiesException> {
    private static final ConfigurationPropertyName OURS = ConfigurationPropertyName.of(LeaseholdProperties.PREFIX);

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable failure, UnboundConfigurationPropertiesException unbound) {
        List<ConfigurationProperty> unknown = unbound.getUnboundProperties().stream()
                .filter(property -> OURS.isAncestorOf(property.getName()))
                .toList();
        if (unknown.isEmpty()) {
            return null;
        }
        String what =
                unknown.stream().map(UnknownPropertyFailureAnalyzer::describe).collect(Collectors.joining("\n"));
        String action =
                unknown.stream().map(UnknownPropertyFailureAnalyzer::remedyFor).collect(Collectors.joining("\n"));
        return new FailureAnalysis(what, action, unbound);
    }

    private static String describe(ConfigurationProperty property) {
        return Failures.written(property.getName().toString(), property) + " is not known.";
    }

    private static String remedyFor(ConfigurationProperty property) {
        String name = property.getName().toString();
        return KnownProperties.nearest(name)
                .map(known -> "Did you mean '" + known + "'? Correct '" + name + "' or remove it.")
                .orElse("Remove '" + name + "', or look for the right name: all begin with one of "
                        + "leasehold.publish, leasehold.consumer, leasehold.listeners.<id>, leasehold.embedded, "
                        + "leasehold.nats, leasehold.metrics, leasehold.observation, leasehold.health.");
    }
}
