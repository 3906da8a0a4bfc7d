package io.leasehold.nats.jetstream;

import io.leasehold.broker.DeliverySink;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Keeps the order of arrival where some deliveries have to be touched before anybody may see them. On the
 * connection's thread.
 */
final class OrderedArrivals {
    private final DeliverySink sink;
    private final Deque<Place> waiting = new ArrayDeque<>();

    OrderedArrivals(DeliverySink sink) {
        this.sink = sink;
    }

    /** Is a place in the order. */
    static final class Place {
        private final NatsHandout handout;
        private boolean decided;
        private boolean seen;

        private Place(NatsHandout handout) {
            this.handout = handout;
        }
    }

    /** Adds one that may be seen. */
    void ready(NatsHandout handout) {
        if (waiting.isEmpty()) {
            sink.delivered(handout);
        } else {
            decide(waits(handout), true);
        }
    }

    /** Adds one that waits until it is decided. */
    Place waits(NatsHandout handout) {
        Place place = new Place(handout);
        waiting.add(place);
        return place;
    }

    /** Decides that one may be seen, when its turn comes, or never. */
    void decide(Place place, boolean seen) {
        place.decided = true;
        place.seen = seen;
        for (Place first = waiting.peek(); first != null && first.decided; first = waiting.peek()) {
            waiting.remove();
            if (first.seen) {
                sink.delivered(first.handout);
            }
        }
    }

    /** Forgets what waits. */
    void clear() {
        waiting.clear();
    }
}
