package io.leasehold.consume;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One lane per key: the delivery at its head may run, the others wait in the order of arrival and hold no slot. A
 * lane exists while somebody is in it. Confined to the dispatcher.
 */
final class KeyLanes<T> {
    private final Map<String, ArrayDeque<HeldDelivery<T>>> lanes = new HashMap<>();

    /** Enters the lane; true when the delivery is at its head. */
    boolean enter(String key, HeldDelivery<T> delivery) {
        ArrayDeque<HeldDelivery<T>> lane = lanes.computeIfAbsent(key, ignored -> new ArrayDeque<>(2));
        lane.add(delivery);
        return lane.size() == 1;
    }

    /** Leaves the lane; the new head when the old one left, else null. */
    @Nullable
    HeldDelivery<T> leave(String key, HeldDelivery<T> delivery) {
        ArrayDeque<HeldDelivery<T>> lane = lanes.get(key);
        if (lane == null) {
            return null;
        }

        boolean wasHead = lane.peek() == delivery;
        lane.remove(delivery);
        if (lane.isEmpty()) {
            lanes.remove(key);
        }

        return wasHead ? lane.peek() : null;
    }

    int size() {
        return lanes.size();
    }
}
