package io.leasehold.nats.server;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.BeforeClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Makes one run of a class for each server. */
final class EachServerRuns implements ClassTemplateInvocationContextProvider {
    @Override
    public boolean supportsClassTemplate(ExtensionContext context) {
        return true;
    }

    @Override
    public Stream<? extends ClassTemplateInvocationContext> provideClassTemplateInvocationContexts(
            ExtensionContext context) {
        return WithServers.Condition.choice(context).of(NatsServers.all()).stream()
                .map(Run::new);
    }

    private record Run(ServerBinary binary) implements ClassTemplateInvocationContext {
        @Override
        public String getDisplayName(int index) {
            return binary.toString();
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(new Server(binary));
        }
    }

    /** Runs from before the first test of the run to after the last. */
    private static final class Server
            implements BeforeClassTemplateInvocationCallback,
                    AfterClassTemplateInvocationCallback,
                    TestExecutionExceptionHandler,
                    ParameterResolver {
        private static final int SHOWN_LINES = 30;

        private final ServerBinary binary;
        private NatsServer server;

        Server(ServerBinary binary) {
            this.binary = binary;
        }

        @Override
        public void beforeClassTemplateInvocation(ExtensionContext context) {
            server = NatsServer.start(binary);
        }

        @Override
        public void afterClassTemplateInvocation(ExtensionContext context) {
            if (server != null) {
                server.close();
            }
        }

        /** Reports name runs by numbers, and failures are hard to read without the other side of the story. */
        @Override
        public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
            List<String> log = server.log();
            String last = String.join("\n", log.subList(Math.max(0, log.size() - SHOWN_LINES), log.size()));
            failure.addSuppressed(new AssertionError("with " + server + ", which said last:\n" + last));
            throw failure;
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            Class<?> type = parameter.getParameter().getType();
            return type == NatsServer.class || type == ServerBinary.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == NatsServer.class ? server : binary;
        }
    }
}
