package io.leasehold.diagnostics;

import io.leasehold.broker.BrokerHealth;
import io.leasehold.consume.GroupCounts;
import io.leasehold.consume.HeldReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client holds: counts of everything, and a page of the deliveries, the nearest deadline first. Each group is
 * looked at by itself, so that the numbers of one group agree with each other.
 *
 * @param client the name of the instance
 * @param groups counts per group
 * @param held a page of what is held, without bodies
 * @param next a cursor for the page that follows; null when this is the last one
 * @param publishing the numbers of publishing
 * @param broker how the broker session fares
 */
public record ClientSnapshot(
        String client,
        List<GroupCounts> groups,
        List<HeldReport> held,
        @Nullable String next,
        PublishCounts publishing,
        BrokerHealth broker) {
    /** How many deliveries a page has unless one asks for another number. */
    public static final int PAGE = 500;

    /** The largest page. */
    public static final int PAGE_MAX = 10_000;

    /** Copies the lists. */
    public ClientSnapshot {
        groups = List.copyOf(groups);
        held = List.copyOf(held);
    }

    /**
     * The numbers of publishing.
     *
     * @param inFlight how many publishes have a place in the window
     * @param waiting how many single publishes wait for the window, their key or a stage
     * @param haltedKeys how many keys are halted
     */
    public record PublishCounts(int inFlight, int waiting, int haltedKeys) {}
}
