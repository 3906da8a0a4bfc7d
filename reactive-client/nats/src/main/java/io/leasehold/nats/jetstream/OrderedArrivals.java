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

    /** A place in the order. */
    static final class Place {
        private final NatsHandout delivered;
        private boolean decided;
        private boolean seen;

        private Place(NatsHandout delivered) {
            this.delivered = delivered;
        }
    }

    /** One came that may be seen. */
    void ready(NatsHandout delivered) {
        if (waiting.isEmpty()) {
            sink.delivered(delivered);
        } else {
            decide(waits(delivered), true);
        }
    }

    /** One came that waits until it is decided. */
    Place waits(NatsHandout delivered) {
        Place place = new Place(delivered);
        waiting.add(place);
        return place;
    }

    /** One may be seen, when its turn comes, or never. */
    void decide(Place place, boolean seen) {
        place.decided = true;
        place.seen = seen;
        for (Place first = waiting.peek(); first != null && first.decided; first = waiting.peek()) {
            waiting.remove();
            if (first.seen) {
                sink.delivered(first.delivered);
            }
        }
    }

    /** Forgets what waits. */
    void clear() {
        waiting.clear();
    }
}
