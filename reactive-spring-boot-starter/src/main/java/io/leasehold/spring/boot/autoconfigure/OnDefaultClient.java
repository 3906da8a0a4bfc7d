package io.leasehold.spring.boot.autoconfigure;

import java.util.Objects;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches where properties mean a default client: where no client has a name, or where the broker of the default client
 * is named or described. Otherwise a broker in this process that nobody asked for would be injected beside the clients
 * that were configured.
 */
final class OnDefaultClient extends SpringBootCondition implements ConfigurationCondition {
    @Override
    public ConfigurationPhase getConfigurationPhase() {
        return ConfigurationPhase.REGISTER_BEAN;
    }

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConfigurableListableBeanFactory beans = Objects.requireNonNull(context.getBeanFactory());
        KnownProperties known = KnownProperties.registeredIn(beans);
        ConditionMessage.Builder message = ConditionMessage.forCondition("default client");
        if (ClientNames.in(context.getEnvironment(), known).isEmpty()) {
            return ConditionOutcome.match(message.because("no client has a name"));
        }

        return known.isDefaultClientSet(context.getEnvironment())
                ? ConditionOutcome.match(message.because("a property of its broker is set"))
                : ConditionOutcome.noMatch(message.because("only clients with names are configured"));
    }
}
