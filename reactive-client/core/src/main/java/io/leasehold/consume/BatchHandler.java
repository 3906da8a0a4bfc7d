package io.leasehold.consume;

import io.leasehold.api.CheckReturnValue;
import java.util.List;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;

/**
 * The work on several deliveries at once. Completion acks those that it has not settled itself. When it fails,
 * those that are still held are handled again one by one, each with its own failures counted; when the lease of one
 * is lost, the others are handled again together.
 *
 * @param <T> the type of the bodies
 */
@FunctionalInterface
@CheckReturnValue
public interface BatchHandler<T> {
    /** Returns the work on these deliveries, one or more; never null. */
    Publisher<?> handle(List<Delivery<T>> deliveries);

    /**
     * Makes a handler that blocks, on a thread for each batch and otherwise as {@link Handler#blocking}. It is
     * interrupted when the lease of one of its deliveries is lost, unless the settings say that it goes on; {@link
     * Delivery#current()} is empty in it.
     *
     * @param work what to do; what it throws is the failure of the batch
     */
    static <T> BatchHandler<T> blocking(Consumer<? super List<Delivery<T>>> work) {
        return new BlockingHandler.OfBatch<>(work);
    }
}
