package io.leasehold.consume;

import java.time.Duration;
import java.util.Map;

/**
 * What is held for a group.
 *
 * @param group the group
 * @param taking whether more is asked of the broker: consumed, and neither paused nor drained
 * @param limit how many runs there may be at once; 0 while nothing is consumed
 * @param stalled how many runs have taken suspiciously long
 * @param stuck how many runs keep a slot that nothing can be said for: orphans, and those that did not end when
 *     they were cancelled, by a handler timeout for example, and those that are touched for progress only and make
 *     none
 * @param idle for how long nothing of the group was settled here, counted from when something began after that, or
 *     for how long it is consumed
 * @param leaseTime the lease time that the consumer asks for; zero while nothing is consumed
 * @param held how many deliveries stand where
 */
public record GroupCounts(
        String group,
        boolean taking,
        int limit,
        int stalled,
        int stuck,
        Duration idle,
        Duration leaseTime,
        Map<DeliveryStage, Integer> held) {
    /** Copies the map. */
    public GroupCounts {
        held = Map.copyOf(held);
    }

    /** How many deliveries stand there. */
    public int count(DeliveryStage stage) {
        return held.getOrDefault(stage, 0);
    }
}
