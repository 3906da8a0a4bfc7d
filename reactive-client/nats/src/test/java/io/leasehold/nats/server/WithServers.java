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
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * The tests of this class start servers themselves; without any they are skipped, or fail where they are required.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(WithServers.Condition.class)
public @interface WithServers {
    /** The parameter of a launch that chooses the servers instead of what a class says; a {@link ServerChoice}. */
    String CHOICE = "leasehold.servers";

    /** Looks for servers. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return decide(choice(context), NatsServers.all(), NatsServers.areRequired());
        }

        static ServerChoice choice(ExtensionContext context) {
            return context.getConfigurationParameter(CHOICE, ServerChoice::valueOf)
                    .filter(chosen -> chosen != ServerChoice.ALL)
                    .or(() -> AnnotationSupport.findAnnotation(context.getRequiredTestClass(), EachServer.class)
                            .map(EachServer::value))
                    .orElse(ServerChoice.ALL);
        }

        static ConditionEvaluationResult decide(ServerChoice choice, List<ServerBinary> servers, boolean required) {
            if (!servers.isEmpty()) {
                List<ServerBinary> chosen = choice.of(servers);
                return chosen.isEmpty()
                        ? ConditionEvaluationResult.disabled(choice + ": none of its own among " + servers)
                        : ConditionEvaluationResult.enabled("servers: " + chosen);
            }
            if (required) {
                throw new IllegalStateException(NatsServers.NONE);
            }
            return ConditionEvaluationResult.disabled(NatsServers.NONE);
        }
    }
}
