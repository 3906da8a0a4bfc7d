package io.leasehold.spring.boot.listener;

import io.leasehold.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * How a listener is.
 *
 * @param id its name
 * @param topic its topic filter
 * @param group its group
 * @param client the client that it listens with, as {@link LeaseListener#client()} names it; empty for the default one
 * @param method its class and method
 * @param phase what it does
 * @param code the cause, when it {@link Phase#FAILED has failed} or is {@link Phase#RETRYING retrying}
 * @param problem the message of that error
 */
public record ListenerStatus(
        String id,
        String topic,
        String group,
        String client,
        String method,
        Phase phase,
        @Nullable ErrorCode code,
        @Nullable String problem) {

    /** What a listener does. */
    public enum Phase {
        /** Nothing: it was not started, or has stopped. */
        STOPPED,
        /** It takes messages. */
        RUNNING,
        /** It takes no messages; runs go on. */
        PAUSED,
        /** Its consumption ended with an error that may pass; it begins again after a delay. */
        RETRYING,
        /** It takes no more messages and waits for its runs. */
        STOPPING,
        /** Its consumption ended with an error for good. */
        FAILED
    }
}
