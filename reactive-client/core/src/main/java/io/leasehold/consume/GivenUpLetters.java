package io.leasehold.consume;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.PublishReceipt;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Publishes the dead letters of messages that brokers have given up. No delivery brings such a message again, so its
 * letter does not end with a subscription: it ends when it is confirmed, when it is refused for good, or with the
 * client, and then that is told. Safe for use by many threads.
 */
final class GivenUpLetters {
    /** How many letters may wait to be confirmed. */
    static final int MAX = 1_000;

    private final AtomicInteger open = new AtomicInteger();
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private final Sinks.Empty<Void> idle = Sinks.empty();
    private volatile boolean closing;

    /**
     * Publishes a letter, unless {@value #MAX} wait already.
     *
     * @param letter tells by itself what becomes of it
     * @return whether it is published
     */
    boolean publish(Mono<PublishReceipt> letter) {
        if (open.incrementAndGet() > MAX) {
            ended();
            return false;
        }

        letter.doFinally(end -> ended()).subscribe(sent -> {}, told -> {});
        return true;
    }

    private void ended() {
        if (open.decrementAndGet() == 0 && closing) {
            idle.tryEmitEmpty();
        }
    }

    /** Cuts a letter off when the client closes: it errors with {@code CLOSED}. */
    Mono<PublishReceipt> untilClosed(Mono<PublishReceipt> letter, String group) {
        return letter.takeUntilOther(closed.asMono()).switchIfEmpty(Mono.error(() -> closedBefore(group)));
    }

    private static MessagingException closedBefore(String group) {
        return new MessagingException(
                ErrorCode.CLOSED,
                "the client was closed before the letter of a message that the broker has given up was confirmed",
                group,
                "look for the message in its stream; see to it that the dead-letter topic can be published to");
    }

    /** Waits for the letters that are open, up to a limit, and ends the others. */
    Mono<Void> close(Duration limit, Scheduler time) {
        return Mono.defer(() -> {
            closing = true;
            if (open.get() == 0) {
                idle.tryEmitEmpty();
            }
            return idle.asMono().timeout(limit, Mono.empty(), time).doFinally(end -> closed.tryEmitEmpty());
        });
    }
}
