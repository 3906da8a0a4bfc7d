package io.leasehold.publish;

import io.leasehold.api.Internal;
import io.leasehold.event.PublishReadings;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * Opens, counts and ends the publishing of one client. The client opens its publishing, and closes it before the
 * broker's session and the schedulers.
 */
@Internal
public final class Publishing implements PublishReadings {
    private final PublishWindow window;
    private final MessagePublisher publisher;
    private final Duration timeout;

    private Publishing(PublishContext context) {
        window = new PublishWindow(context);
        PublishMode mode = new PublishMode(window, window.signals().ofUser(), false, null);
        publisher = new DefaultPublisher(mode, context.settings());
        timeout = context.settings().timeout();
    }

    /** Opens the publishing of a client. Starts no thread and no timer. */
    public static Publishing open(PublishContext context) {
        return new Publishing(context);
    }

    /** Returns the publisher of the client. */
    public MessagePublisher publisher() {
        return publisher;
    }

    /** Tells how many publishes have a slot of the window: they are with the broker, or will be written again. */
    @Override
    public int inFlight() {
        return window.slots().taken();
    }

    /** Tells how many single publishes wait for the window, their key or a stage. */
    @Override
    public int waiting() {
        return window.slots().parked();
    }

    /** Tells how many keys are halted. */
    @Override
    public int haltedKeys() {
        return window.haltedKeys();
    }

    /**
     * Closes as {@link #close(Duration)} does, with the timeout of publishing as limit: nothing is open longer anyway.
     */
    public Mono<Void> close() {
        return close(timeout);
    }

    /**
     * Ends publishing when subscribed. From then on publishes end with {@code CLOSED}. Open ones go on to their
     * answer; at the limit they end with {@code UNKNOWN} when they may have reached the broker, else with {@code
     * CLOSED}. May be called anywhere, also in signals of a publish, and any number of times; the earliest limit
     * counts. Never blocks; cancelling it stops nothing.
     *
     * @param limit how long answers are waited for; zero or less ends all at once
     * @return completes on the user scheduler when none is open
     */
    public Mono<Void> close(Duration limit) {
        return window.close(limit);
    }
}
