package io.leasehold.spring.boot.autoconfigure;

import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether servers of NATS are set: then that is the broker. */
final class OnNatsServers extends SpringBootCondition {
    private static final String PROPERTY = LeaseholdProperties.PREFIX + ".nats.servers";

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        boolean set = !Binder.get(context.getEnvironment())
                .bind(PROPERTY, Bindable.listOf(String.class))
                .orElse(List.of())
                .isEmpty();
        return new ConditionOutcome(
                set, ConditionMessage.forCondition(PROPERTY).because(set ? "there are some" : "there is none"));
    }
}
