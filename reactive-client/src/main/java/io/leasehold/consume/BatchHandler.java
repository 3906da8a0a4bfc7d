package io.leasehold.consume;

import java.util.List;
import org.reactivestreams.Publisher;

/**
 * The work on several deliveries at once. Completion acks those that it has not settled itself. When it fails,
 * those that are still held are handled again one by one, each with its own failures counted; when the lease of one
 * is lost, the others are handled again together.
 *
 * @param <T> the type of the bodies
 */
@FunctionalInterface
public interface BatchHandler<T> {
    /** The work on these deliveries, one or more; never null. */
    Publisher<?> handle(List<Delivery<T>> deliveries);
}
