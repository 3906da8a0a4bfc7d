package io.leasehold.consume;

import java.util.List;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;

/** Does blocking work on several deliveries, on a thread of the consumption's. */
final class BlockingBatchHandler<T> implements BatchHandler<T> {
    private final Consumer<? super List<Delivery<T>>> work;

    BlockingBatchHandler(Consumer<? super List<Delivery<T>>> work) {
        this.work = work;
    }

    @Override
    public Publisher<?> handle(List<Delivery<T>> deliveries) {
        return BlockingCall.of(
                () -> {
                    work.accept(deliveries);
                    return null;
                },
                deliveries);
    }
}
