package io.leasehold.spring.boot.autoconfigure;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether NATS is the broker: asked for by name, or its servers are set and no other one is asked for. */
final class OnNats extends SpringBootCondition {
    /** A class that is there where NATS can be used. */
    static final String JAR = "io.leasehold.nats.NatsBroker";

    private static final String BROKER = LeaseholdProperties.PREFIX + ".broker";
    private static final String SERVERS = LeaseholdProperties.PREFIX + ".nats.servers";

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return outcome(context.getEnvironment());
    }

    static ConditionOutcome outcome(Environment environment) {
        Binder binder = Binder.get(environment);
        @Nullable BrokerKind named = binder.bind(BROKER, BrokerKind.class).orElse(null);
        if (named != null) {
            return new ConditionOutcome(
                    named == BrokerKind.NATS,
                    ConditionMessage.forCondition(BROKER).because("it is " + named));
        }
        boolean set = !binder.bind(SERVERS, Bindable.listOf(String.class))
                .orElse(List.of())
                .isEmpty();
        return new ConditionOutcome(
                set, ConditionMessage.forCondition(SERVERS).because(set ? "there are some" : "there is none"));
    }
}
