package io.leasehold.embedded;

import io.leasehold.broker.PublishItem;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers what a session has published lately, the oldest forgotten first: the same item again is a repetition, and
 * another one of the same id is not. Confined to the broker's turn.
 */
final class OwnRepetitions {
    private final int itemsMax;
    private final Map<PublishItem, Long> sequences = new LinkedHashMap<>();

    OwnRepetitions(int itemsMax) {
        this.itemsMax = itemsMax;
    }

    /** Returns the sequence under which an item was stored, or {@link DuplicateWindow#UNKNOWN}. */
    long find(PublishItem item) {
        return sequences.getOrDefault(item, DuplicateWindow.UNKNOWN);
    }

    /** Remembers an item that is stored. */
    void add(PublishItem item, long sequence) {
        if (sequences.size() == itemsMax) {
            sequences.remove(sequences.keySet().iterator().next());
        }
        sequences.put(item, sequence);
    }
}
