package io.leasehold.spring.boot.listener;

import io.leasehold.consume.MessageConsumer;

/**
 * Has a say in how a listener consumes, for what texts cannot say: which errors are worth another try, a key that is
 * computed. Beans of this type are called in their order, after attributes and properties have been applied, each with
 * what the one before it returned.
 */
@FunctionalInterface
public interface LeaseConsumerCustomizer {
    /**
     * Returns the consumer as it shall be, which must come from the given one; itself for no change.
     *
     * @param listener the id of the listener
     * @param consumer its consumer so far
     */
    MessageConsumer<?> customize(String listener, MessageConsumer<?> consumer);
}
