package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.MessageClientBuilder;

/**
 * Has a say in how the client is built, after the properties and before it is built. Beans of this type are called in
 * their order.
 */
@FunctionalInterface
public interface MessageClientBuilderCustomizer {
    /** Changes what the builder has; called once, on the thread that starts the application. */
    void customize(MessageClientBuilder builder);
}
