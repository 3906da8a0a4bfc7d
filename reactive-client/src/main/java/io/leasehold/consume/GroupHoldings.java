package io.leasehold.consume;

import java.util.List;

/**
 * What one client held for a group when its dispatcher was asked.
 *
 * @param group the group
 * @param taking whether more is asked of the broker: consumed, and neither paused nor drained
 * @param limit how many runs there may be at once; 0 while nothing is consumed
 * @param stalled how many runs have taken suspiciously long
 * @param held everything, in no order
 */
public record GroupHoldings(String group, boolean taking, int limit, int stalled, List<HeldItem> held) {
    /** Copies the list. */
    public GroupHoldings {
        held = List.copyOf(held);
    }
}
