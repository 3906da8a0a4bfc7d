package io.leasehold.consume;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** Runs blocking work on a thread of the consumption's, with its delivery in a thread local around the call. */
final class BlockingHandler<T> implements Handler<T> {
    private static final ThreadLocal<@Nullable Delivery<?>> CURRENT = new ThreadLocal<>();

    private final Function<? super Delivery<T>, ? extends @Nullable Object> work;

    BlockingHandler(Function<? super Delivery<T>, ? extends @Nullable Object> work) {
        this.work = work;
    }

    static @Nullable Delivery<?> current() {
        return CURRENT.get();
    }

    @Override
    public Publisher<?> handle(Delivery<T> delivery) {
        return BlockingCall.of(() -> call(delivery), List.of(delivery));
    }

    private @Nullable Object call(Delivery<T> delivery) {
        CURRENT.set(delivery);
        try {
            return work.apply(delivery);
        } finally {
            CURRENT.remove();
        }
    }

    /** Runs blocking work on several deliveries, on a thread of the consumption's. */
    static final class OfBatch<T> implements BatchHandler<T> {
        private final Consumer<? super List<Delivery<T>>> work;

        OfBatch(Consumer<? super List<Delivery<T>>> work) {
            this.work = work;
        }

        @Override
        public Publisher<?> handle(List<Delivery<T>> deliveries) {
            return BlockingCall.of(() -> call(deliveries), deliveries);
        }

        private @Nullable Object call(List<Delivery<T>> deliveries) {
            work.accept(deliveries);
            return null;
        }
    }
}
