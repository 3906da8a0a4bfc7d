package io.leasehold.consume;

import java.util.function.Consumer;
import java.util.function.Function;
import org.reactivestreams.Publisher;

/**
 * The work on one delivery. Called on the user scheduler, once per try; what it returns is subscribed at once,
 * under the lease. Completion acks (an empty publisher completes too), an error naks or dead-letters by policy, a
 * throw is an error; an emitted {@link Disposition} decides otherwise. Cancelled when the lease is lost.
 *
 * @param <T> the type of the body
 */
@FunctionalInterface
public interface Handler<T> {
    /** The work on this delivery; never null. */
    Publisher<?> handle(Delivery<T> delivery);

    /**
     * A handler that blocks: it runs on {@code boundedElastic}, is interrupted when the lease is lost, and keeps
     * its slot until its thread has left. {@link Delivery#current()} finds its delivery.
     */
    static <T> Handler<T> blocking(Consumer<? super Delivery<T>> work) {
        return blockingCall(delivery -> {
            work.accept(delivery);
            return null;
        });
    }

    /** As {@link #blocking}, for a function whose result is emitted: a {@link Disposition} decides. */
    static <T> Handler<T> blockingCall(
            Function<? super Delivery<T>, ? extends @org.jspecify.annotations.Nullable Object> work) {
        return new BlockingHandler<>(work);
    }
}
