package io.leasehold.spring.boot.listener;

import io.leasehold.consume.Outcome;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log and all observers how a run ended; what one of them throws does not reach the listener. */
final class OutcomeObservers implements LeaseOutcomeObserver {
    private static final Logger log = LoggerFactory.getLogger(LeaseListener.class);

    private final List<LeaseOutcomeObserver> observers;

    OutcomeObservers(List<LeaseOutcomeObserver> observers) {
        this.observers = List.copyOf(observers);
    }

    @Override
    public void ended(String listener, Outcome outcome) {
        write(listener, outcome);
        for (LeaseOutcomeObserver observer : observers) {
            try {
                observer.ended(listener, outcome);
            } catch (Throwable fault) {
                log.warn("An observer of listener {} threw", listener, fault);
            }
        }
    }

    // No message disappears silently: what is not done, and not simply given back, is written down.
    private static void write(String listener, Outcome outcome) {
        switch (outcome.kind()) {
            case ACKED, RELEASED -> log.debug("{} {}", listener, outcome);
            case NAKED, LOST, UNKNOWN ->
                log.warn(
                        "Listener {}: message {} of {}, delivery {}: {}{}",
                        listener,
                        outcome.id(),
                        outcome.topic(),
                        outcome.deliveryCount(),
                        outcome.kind(),
                        causeOf(outcome));
            case TERMINATED, DEAD_LETTERED ->
                log.error(
                        "Listener {}: message {} of {}, delivery {}: {}{}{}",
                        listener,
                        outcome.id(),
                        outcome.topic(),
                        outcome.deliveryCount(),
                        outcome.kind(),
                        causeOf(outcome),
                        remedyOf(outcome.kind()),
                        outcome.error());
        }
    }

    private static String remedyOf(Outcome.Kind kind) {
        return kind == Outcome.Kind.DEAD_LETTERED
                ? "; mend the cause and put it back with MessageClient.redrive(..)"
                : "; it will not be delivered again";
    }

    private static String causeOf(Outcome outcome) {
        if (outcome.loss() != null) {
            return ", " + outcome.loss();
        }
        Throwable error = outcome.error();
        String code = outcome.code() == null ? "" : ", " + outcome.code().id() + " " + outcome.code();
        return error == null ? code : code + ", " + error;
    }
}
