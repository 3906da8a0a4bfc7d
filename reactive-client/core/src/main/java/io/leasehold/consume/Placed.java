package io.leasehold.consume;

import org.jspecify.annotations.Nullable;

/**
 * Where a held delivery stands.
 *
 * <pre>
 *   NEW --> BEHIND (an older run of the message) --> LANE (its key) --> READY (a slot, demand) --> STARTED --> GONE
 *     `--------------------`------------------------------`------------------`--- lost, released -----------^
 *                                                  STARTED --> DELAYED (its nak is held back) --> GONE
 * </pre>
 *
 * The place belongs to the dispatcher. What happens elsewhere (a loss, an answer, an alarm, the end of the run) is
 * noted where it belongs and the dispatcher is asked to look again.
 */
abstract class Placed<T> extends Turn {
    /** The next one in the same row of the {@link Registry}. */
    @Nullable
    Placed<?> beside;

    private Place place = Place.NEW;
    private @Nullable String laneKey;
    private @Nullable HeldDelivery<T> successor;

    /** Where a delivery stands. */
    enum Place {
        NEW,
        BEHIND,
        LANE,
        READY,
        STARTED,
        DELAYED,
        GONE;

        boolean isWaiting() {
            return this == BEHIND || this == LANE || this == READY;
        }
    }

    /** Names its message within the group. */
    abstract Object ref();

    Place place() {
        return place;
    }

    void place(Place next) {
        place = next;
    }

    @Nullable
    String laneKey() {
        return laneKey;
    }

    void laneKey(@Nullable String key) {
        laneKey = key;
    }

    @Nullable
    HeldDelivery<T> successor() {
        return successor;
    }

    void successor(@Nullable HeldDelivery<T> newer) {
        successor = newer;
    }
}
