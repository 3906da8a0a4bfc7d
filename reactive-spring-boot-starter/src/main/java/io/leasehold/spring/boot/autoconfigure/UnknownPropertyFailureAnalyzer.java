package io.leasehold.spring.boot.autoconfigure;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
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

    private final @Nullable BeanFactory beans;

    UnknownPropertyFailureAnalyzer(@Nullable BeanFactory beans) {
        this.beans = beans;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable failure, UnboundConfigurationPropertiesException unbound) {
        List<ConfigurationProperty> unknown = unbound.getUnboundProperties().stream()
                .filter(property -> OURS.isAncestorOf(property.getName()))
                .toList();
        if (unknown.isEmpty()) {
            return null;
        }

        KnownProperties known = KnownProperties.in(beans);
        String what = unknown.stream()
                .map(property -> known.written(property.getName().toString(), property) + " is not known.")
                .collect(Collectors.joining("\n"));
        String action = unknown.stream()
                .map(property -> remedyFor(property.getName().toString(), known))
                .collect(Collectors.joining("\n"));
        return new FailureAnalysis(what, action, unbound);
    }

    private static String remedyFor(String name, KnownProperties known) {
        return known.nearest(name)
                .map(like -> "Did you mean '" + like + "'? Correct '" + name + "' or remove it.")
                .orElseGet(() -> "Remove '" + name + "', or look for the right name: all begin with one of "
                        + String.join(", ", known.groups()) + ". If it is that of another broker, add the jar of that "
                        + "broker.");
    }
}
