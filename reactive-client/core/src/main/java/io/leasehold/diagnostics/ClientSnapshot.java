package io.leasehold.diagnostics;

import io.leasehold.broker.BrokerHealth;
import io.leasehold.consume.DeliveryStage;
import io.leasehold.consume.HeldReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

    /**
     * The numbers of publishing.
     *
     * @param inFlight how many publishes have a place in the window
     * @param waiting how many single publishes wait for the window, their key or a stage
     * @param haltedKeys how many keys are halted
     */
    public record PublishCounts(int inFlight, int waiting, int haltedKeys) {}
}
