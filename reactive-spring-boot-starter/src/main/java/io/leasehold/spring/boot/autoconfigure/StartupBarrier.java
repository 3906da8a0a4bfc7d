package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.api.Internal;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** The one place where anything is waited for: the start of an application that must not start without it. */
@Internal
public final class StartupBarrier {
    private StartupBarrier() {}

    /**
     * Waits on the thread that starts the application.
     *
     * @param step what must complete
     * @param limit how long it may take
     * @param silence what is said when it has not by then
     * @throws MessagingException why it did not complete
     */
    public static void await(Mono<Void> step, Duration limit, Supplier<MessagingException> silence) {
        CompletableFuture<Void> passed = step.toFuture();
        try {
            passed.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException refused) {
            Throwable cause = refused.getCause();
            throw cause instanceof MessagingException ours
                    ? ours
                    : new MessagingException(
                            ErrorCode.INTERNAL, String.valueOf(cause), "the start", "please report this", refused);
        } catch (TimeoutException silent) {
            throw silence.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new MessagingException(
                    ErrorCode.CLOSED, "the start was interrupted", "the start", "start again", interrupted);
        } finally {
            passed.cancel(true);
        }
    }
}
