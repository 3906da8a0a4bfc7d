package io.leasehold.spring.boot.listener;

import io.leasehold.spring.boot.listener.ListenerStatus.Phase;
import org.jspecify.annotations.Nullable;

/**
 * What a listener does, as an immutable value; transitions are pure and give the same value where they do not apply.
 *
 * <pre>
 *   STOPPED --start--> RUNNING --stop--> STOPPING --over--> STOPPED
 *                      |  ^  `--error, for good--> FAILED --start--> RUNNING
 *          error, may  |  | delay                    `----stop-----> STOPPED
 *          pass        v  |
 *                     RETRYING --stop--> STOPPED
 * </pre>
 *
 * @param phase all but PAUSED, which is RUNNING and {@code paused}
 * @param paused whether it shall take no messages
 * @param error the last error, when it is retrying or has failed
 * @param life from a start to the stop that ends it, or null before the first one
 */
record RunnerState(
        Phase phase,
        boolean paused,
        @Nullable Throwable error,
        @Nullable ListenerLife life) {
    static final RunnerState INITIAL = new RunnerState(Phase.STOPPED, false, null, null);

    boolean isOver() {
        return phase == Phase.STOPPED || phase == Phase.FAILED;
    }

    boolean isOf(ListenerLife other) {
        return life == other;
    }

    Phase shown() {
        return phase == Phase.RUNNING && paused ? Phase.PAUSED : phase;
    }

    RunnerState started(ListenerLife next) {
        return isOver() ? new RunnerState(Phase.RUNNING, false, null, next) : this;
    }

    RunnerState stopAsked() {
        return switch (phase) {
            case RUNNING -> new RunnerState(Phase.STOPPING, false, null, life);
            case RETRYING, FAILED -> new RunnerState(Phase.STOPPED, false, null, life);
            case STOPPED, STOPPING, PAUSED -> this;
        };
    }

    /** Returns the state after the subscription has completed or was given up. */
    RunnerState ended(ListenerLife ended) {
        return isOf(ended) && !isOver() ? new RunnerState(Phase.STOPPED, false, null, life) : this;
    }

    /** Returns the state after the subscription has ended with an error. */
    RunnerState failed(ListenerLife ended, Throwable cause, boolean mayPass) {
        if (!isOf(ended) || isOver()) {
            return this;
        }
        if (phase == Phase.STOPPING) {
            return new RunnerState(Phase.STOPPED, false, null, life);
        }
        return new RunnerState(mayPass ? Phase.RETRYING : Phase.FAILED, paused, cause, life);
    }

    /** Returns the state after the delay. */
    RunnerState retried(ListenerLife waiting) {
        return isOf(waiting) && phase == Phase.RETRYING ? new RunnerState(Phase.RUNNING, paused, null, life) : this;
    }

    RunnerState pausing(boolean asked) {
        boolean applies = phase == Phase.RUNNING || phase == Phase.RETRYING;
        return applies && paused != asked ? new RunnerState(phase, asked, error, life) : this;
    }
}
