package io.leasehold.consume;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What one client held for a group when its dispatcher was asked.
 *
 * @param group the group
 * @param taking whether more is asked of the broker: consumed, and neither paused nor drained
 * @param limit how many runs there may be at once; 0 while nothing is consumed
 * @param stalled how many runs have taken suspiciously long
 * @param stuck how many runs keep a slot that nothing can be said for: orphans, those that did not end when they were
 *     cancelled, and those that are touched for progress only and make none
 * @param idle for how long nothing of the group was settled here, counted from when something began after that, or
 *     since it is consumed
 * @param leaseTime the lease time that the consumer asks for; zero while nothing is consumed
 * @param held everything, in no order
 */
public record GroupHoldings(
        String group,
        boolean taking,
        int limit,
        int stalled,
        int stuck,
        Duration idle,
        Duration leaseTime,
        List<HeldItem> held) {
    /** Copies the list. */
    public GroupHoldings {
        held = List.copyOf(held);
    }

    /** Counts where the deliveries stand. */
    public GroupCounts counts() {
        Map<DeliveryStage, Integer> counts = new EnumMap<>(DeliveryStage.class);
        for (HeldItem item : held) {
            counts.merge(item.stage(), 1, Integer::sum);
        }
        return new GroupCounts(group, taking, limit, stalled, stuck, idle, leaseTime, counts);
    }
}
