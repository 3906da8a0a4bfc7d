package io.leasehold.embedded;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.time.InstantSource;
import java.util.ArrayDeque;

/**
 * The way of messages into the broker: duplicates, room and those that wait for it. Confined to the broker's turn.
 */
final class Intake {
    private final EmbeddedSettings settings;
    private final InstantSource clock;
    private final Exchange exchange;
    private final DuplicateWindow duplicates;
    private final ArrayDeque<Publication> waiting = new ArrayDeque<>(0);
    private final Tally waitingSize = new Tally();
    private final Fullness fullness;
    private long sequence;

    Intake(EmbeddedSettings settings, InstantSource clock, Exchange exchange) {
        this.settings = settings;
        this.clock = clock;
        this.exchange = exchange;
        this.duplicates = new DuplicateWindow(settings);
        this.fullness = new Fullness(exchange, this::refuseWaiting);
    }

    /** Whether waiting for room is in vain. */
    Fullness fullness() {
        return fullness;
    }

    int waiting() {
        return (int) waitingSize.get();
    }

    /**
     * Stores a message, or has it wait behind the others. What needs no room never waits: while the broker is full, a
     * dead letter that is only retained must get through, or what it makes superfluous would stay.
     */
    void take(Publication publication) {
        Route route;
        try {
            publication.requireFit();
            route = route(publication);
        } catch (MessagingException unfit) {
            refuse(publication, unfit);
            return;
        }
        boolean fits = waiting.isEmpty() && exchange.room().fits(publication.sizeBytes());
        if (fits || !needsRoom(publication, route)) {
            admit(publication, route);
        } else {
            await(publication);
        }
    }

    private static void refuse(Publication publication, MessagingException why) {
        if (publication.tryWrite()) {
            publication.fail(why);
        }
    }

    /** Nobody makes room: those that wait are told now, and not by their own limits. */
    private void refuseWaiting() {
        admitWaiting();
        while (!waiting.isEmpty()) {
            Publication first = waiting.removeFirst();
            waitingSize.add(-1);
            refuse(first, fullness.full(first.topic()));
        }
    }

    /** Stores what waits, as far as there is room now, and forgets what nobody waits for any more. */
    void admitWaiting() {
        while (!waiting.isEmpty() && isAdmissible(waiting.getFirst())) {
            waitingSize.add(-1);
            Publication first = waiting.removeFirst();
            admit(first, route(first));
            if (waiting.isEmpty()) {
                fullness.over();
            }
        }
    }

    /** A session ends: what waits for it fails. */
    void end(EmbeddedSession session) {
        waiting.removeIf(publication -> {
            boolean ends = publication.isOf(session);
            if (ends) {
                waitingSize.add(-1);
                publication.close();
            }
            return ends;
        });
    }

    private void await(Publication publication) {
        admitWaiting();
        MessagingException stuck = fullness.stuck(publication.topic());
        if (stuck != null) {
            refuse(publication, stuck);
        } else if (waiting.size() < settings.waitingPublishes()) {
            waitingSize.add(1);
            waiting.addLast(publication);
            fullness.awaited();
        } else if (publication.tryWrite()) {
            publication.fail(
                    ErrorCode.BROKER_FULL,
                    "the broker is full and " + waiting.size() + " publishes wait for room",
                    "consume faster, publish slower, or raise the capacity");
        }
    }

    private boolean isAdmissible(Publication publication) {
        return !publication.isOpen()
                || exchange.room().fits(publication.sizeBytes())
                || !needsRoom(publication, route(publication));
    }

    /** False for what will be refused, is known already, or is consumed by no group. */
    private boolean needsRoom(Publication publication, Route route) {
        return !isTooLarge(publication.sizeBytes())
                && route.isConsumed()
                && find(publication, route, exchange.timers().now()) == DuplicateWindow.UNKNOWN;
    }

    private boolean isTooLarge(int sizeBytes) {
        return sizeBytes > settings.messageBytesMax() || sizeBytes > settings.capacityBytes();
    }

    private Route route(Publication publication) {
        return exchange.routes().of(publication.topic());
    }

    private long find(Publication publication, Route route, long now) {
        return duplicates.find(route.family(), publication.id(), now);
    }

    private void admit(Publication publication, Route route) {
        if (!publication.tryWrite()) {
            return;
        }
        if (isTooLarge(publication.sizeBytes())) {
            publication.fail(
                    ErrorCode.TOO_LARGE,
                    "a message of " + publication.sizeBytes() + " bytes is larger than the broker takes",
                    "send less, or raise messageBytesMax and capacityBytes");
            return;
        }
        if (!route.keeps(publication.sizeBytes()) && !settings.allowUnkept()) {
            publication.fail(
                    ErrorCode.NO_GROUP,
                    "no group consumes the topic and nothing retains it",
                    "start a consumer first, or call MessageClient.declare(..); or set EmbeddedSettings.allowUnkept"
                            + " (leasehold.embedded.allow-unkept)");
            return;
        }
        storeOnce(publication, route);
    }

    private void storeOnce(Publication publication, Route route) {
        if (duplicates.isOff()) {
            store(publication, route);
            return;
        }
        long now = exchange.timers().now();
        long known = find(publication, route, now);
        if (known != DuplicateWindow.UNKNOWN) {
            publication.confirm(known, true);
            return;
        }
        duplicates.add(route.family(), publication.id(), sequence + 1, now);
        store(publication, route);
    }

    private void store(Publication publication, Route route) {
        sequence++;
        route.offer(new Stored(publication.message(), sequence), clock);
        publication.confirm(sequence, false);
        route.dispatch();
    }
}
