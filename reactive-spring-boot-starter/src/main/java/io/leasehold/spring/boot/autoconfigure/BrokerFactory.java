package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.api.BrokerApi;
import io.leasehold.broker.Broker;
import org.jspecify.annotations.Nullable;

/**
 * Makes brokers of one kind from properties. A bean of this type makes a kind of broker known to the starter: clients
 * can name it with {@code leasehold.broker} and {@code leasehold.clients.<name>.broker}, and its properties are read,
 * checked and suggested like all others. Declare the bean in a static method, without parameters, of an
 * auto-configuration that is conditional on the broker's class and stands before {@link LeaseholdAutoConfiguration},
 * since properties are read before other beans are made.
 *
 * @param <P> a record of the properties; each record is bound by its constructor, and refuses wrong values there
 */
@BrokerApi
public interface BrokerFactory<P> {
    /** Returns the name of the kind, in lower case. Its properties are those below it: {@code leasehold.<name>.*}. */
    String name();

    /** Returns the record that the properties are bound to. */
    Class<P> properties();

    /**
     * Returns the property without which there is no such broker, in kebab case and below {@link #name()}; null where
     * the broker needs no address. Default null.
     */
    default @Nullable String addressProperty() {
        return null;
    }

    /** Tells whether the properties say where the broker is. A client that names no broker is given this one then. */
    boolean isAddressed(P properties);

    /**
     * Makes the broker of one client. An {@code AutoCloseable} broker, or one with a {@code shutdown} method, is closed
     * with the application.
     *
     * @param properties of that client; they have an address where {@link #addressProperty()} is not null
     */
    Broker create(P properties);

    /** Returns how long the start of the application waits for the broker. Default null, for not at all. */
    default @Nullable StartLimits startLimits(P properties) {
        return null;
    }
}
