package io.leasehold.spring.boot.listener;

import java.util.concurrent.CancellationException;
import kotlinx.coroutines.Deferred;
import kotlinx.coroutines.Dispatchers;
import kotlinx.coroutines.reactor.MonoKt;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Starts coroutines; loaded only where Kotlin's are on the class path. */
final class Coroutines {
    private Coroutines() {}

    /** A call that may suspend. */
    @FunctionalInterface
    interface Call {
        /** Calls with a continuation, which is the last argument. */
        @Nullable
        Object with(Object continuation);
    }

    /**
     * Starts a coroutine per subscription, on the thread that subscribes; it is cancelled with the subscription. Its
     * Reactor context is that of the subscriber.
     */
    static Mono<?> mono(Call call) {
        return MonoKt.mono(Dispatchers.getUnconfined(), (scope, continuation) -> call.with(continuation));
    }

    static boolean isDeferred(Object value) {
        return value instanceof Deferred<?>;
    }

    /** Waits for a deferred value, which is cancelled with the subscription: Spring's adapter leaves it running. */
    static Mono<?> await(Object deferred) {
        Deferred<?> started = (Deferred<?>) deferred;
        return MonoKt.mono(Dispatchers.getUnconfined(), (scope, continuation) -> started.await(continuation))
                .doOnCancel(() -> started.cancel((CancellationException) null));
    }
}
