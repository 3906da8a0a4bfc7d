package io.leasehold.spring.boot.listener;

import java.util.Collection;
import java.util.Set;
import reactor.core.publisher.Mono;

/**
 * The listeners of the application, by id. May be used from any thread; nothing here blocks.
 *
 * <p>An id that no listener has is refused with {@code BAD_SETTING}.
 */
public interface LeaseListenerRegistry {
    /** Returns the ids of all listeners. */
    Set<String> ids();

    /** Returns the state of all listeners. */
    Collection<ListenerStatus> statuses();

    /** Returns the state of one listener. */
    ListenerStatus status(String id);

    /**
     * Starts a listener that is stopped or has failed; does nothing for one that runs. One that is stopping starts
     * when it has stopped.
     *
     * @throws io.leasehold.error.MessagingException when the listener is refused at once, {@code CLOSED} for example
     */
    void start(String id);

    /**
     * Takes no more messages, gives back what waits and lets runs finish, for as long as the drain timeout allows; then
     * the rest is cancelled and given back. Begins when it is subscribed, completes when the listener has stopped, and
     * never errors but for an unknown id. Cancelling it changes nothing.
     */
    Mono<Void> stop(String id);

    /** Takes no more messages and gives back what waits; runs go on. Does nothing for a listener that does not run. */
    void pause(String id);

    /** Goes on after a pause. */
    void resume(String id);
}
