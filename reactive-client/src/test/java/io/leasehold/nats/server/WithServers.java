package io.leasehold.nats.server;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The tests of this class start servers themselves; without any they are skipped, or fail where they are required.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(WithServers.Condition.class)
public @interface WithServers {

    /** Looks for servers. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return decide(NatsServers.all(), NatsServers.areRequired());
        }

        static ConditionEvaluationResult decide(List<ServerBinary> servers, boolean required) {
            if (!servers.isEmpty()) {
                return ConditionEvaluationResult.enabled("servers: " + servers);
            }
            if (required) {
                throw new IllegalStateException(NatsServers.NONE);
            }
            return ConditionEvaluationResult.disabled(NatsServers.NONE);
        }
    }
}
