package io.leasehold.spring.boot.listener;

import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** One life of a listener, from a start to its end: the subscriptions, one after the other, and the delays between. */
final class ListenerLife {
    private final Disposable.Swap subscription = Disposables.swap();
    private final Disposable.Swap delay = Disposables.swap();
    private final Sinks.Empty<Void> over = Sinks.empty();
    private final Sinks.Empty<Void> firstEnd = Sinks.empty();
    private final AtomicInteger failures = new AtomicInteger();

    void subscribed(Disposable running) {
        subscription.replace(running);
    }

    void delayed(Disposable timer) {
        delay.replace(timer);
    }

    /** Notes that an outcome came: the next failure is the first in a row again. */
    void worked() {
        if (failures.get() != 0) {
            failures.set(0);
        }
    }

    /** Notes that one more subscription has failed, and returns how many did in a row. */
    int failed(Throwable error) {
        firstEnd.tryEmitError(error);
        return failures.incrementAndGet();
    }

    /** Errors when its first subscription has failed, or completes when it has ended otherwise. */
    Mono<Void> firstEnd() {
        return firstEnd.asMono();
    }

    /** Cancels what is under way. */
    void cancel() {
        delay.dispose();
        subscription.dispose();
    }

    void end() {
        delay.dispose();
        firstEnd.tryEmitEmpty();
        over.tryEmitEmpty();
    }

    /** Completes when it has ended. */
    Mono<Void> over() {
        return over.asMono();
    }
}
