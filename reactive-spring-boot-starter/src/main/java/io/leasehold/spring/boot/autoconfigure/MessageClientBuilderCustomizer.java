package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.MessageClientBuilder;

/**
 * Changes how clients are built, after the properties have been applied and before a client is built. Beans of this
 * type are called in their order, for each client.
 */
@FunctionalInterface
public interface MessageClientBuilderCustomizer {
    /** Changes what the builder has; called once per client, on the thread that starts the application. */
    void customize(MessageClientBuilder builder);

    /**
     * Changes what the builder of one client has. Default: calls {@link #customize(MessageClientBuilder)} whatever the
     * client is.
     *
     * @param client the name below {@code leasehold.clients}; empty for the default client
     */
    default void customize(String client, MessageClientBuilder builder) {
        customize(builder);
    }
}
