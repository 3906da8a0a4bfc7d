package io.leasehold.pace;

import io.leasehold.api.Internal;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.Exceptions;

/**
 * The errors that Reactor does not signal but throws on: {@link VirtualMachineError}, {@link ThreadDeath}, {@link
 * LinkageError}. Whoever calls user code decides first what such an error means for the message, the publish or the
 * subscriber at hand, as it does for any other, and then hands it on: it ends where it would have ended on one of
 * Reactor's threads.
 */
@Internal
public final class FatalErrors {
    private FatalErrors() {}

    /**
     * Gives an error that is fatal to the uncaught-exception handler of this thread, as Reactor's schedulers do; leaves
     * others alone. Never throws.
     */
    public static void handOn(Throwable thrown) {
        Throwable error = Exceptions.unwrap(thrown);
        if (Exceptions.isJvmFatal(error)) {
            Thread present = Thread.currentThread();
            try {
                present.getUncaughtExceptionHandler().uncaughtException(present, error);
            } catch (Throwable again) {
                // Nobody is left to tell.
            }
        }
    }

    /**
     * Cancels what an error was thrown past: operators that throw on do not cancel their other sources, which would go
     * on without anybody. What the cancel throws is noted in the error. Never throws.
     *
     * @param left what had been subscribed to; null when that is nothing
     */
    public static void cancelLeft(@Nullable Subscription left, Throwable thrown) {
        if (left == null) {
            return;
        }
        try {
            left.cancel();
        } catch (Throwable again) {
            if (again != thrown) {
                thrown.addSuppressed(again);
            }
        }
    }
}
