package io.leasehold.spring.boot.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * The condition of {@link ConditionalOnEnabled}. A value that is neither true nor false stops the start, where Boot's
 * own condition would quietly switch everything off.
 */
final class OnEnabled extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Binder binder = Binder.get(context.getEnvironment());
        String part = metadata.getAnnotations().get(ConditionalOnEnabled.class).getString("value");
        ConditionOutcome whole = outcome(binder, "enabled");
        return part.isEmpty() || !whole.isMatch() ? whole : outcome(binder, part + ".enabled");
    }

    private static ConditionOutcome outcome(Binder binder, String name) {
        String property = LeaseholdProperties.PREFIX + "." + name;
        boolean enabled = binder.bind(property, Boolean.class).orElse(true);
        return new ConditionOutcome(
                enabled, ConditionMessage.forCondition(property).because("it is " + enabled));
    }
}
