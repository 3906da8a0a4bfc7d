package io.leasehold.embedded;

import java.util.List;

/**
 * Shows what an {@link EmbeddedBroker} has in hand. Taken without stopping the broker: while it is at work, numbers
 * that belong together may be of instants shortly after one another.
 *
 * @param messages how many messages wait or are held, one in several groups counted once
 * @param bytes how many bytes these have, bodies, headers and keys
 * @param waitingPublishes how many publishes wait for room
 * @param groups the groups by name
 */
public record EmbeddedStats(long messages, long bytes, int waitingPublishes, List<Group> groups) {
    /** Copies the list. */
    public EmbeddedStats {
        groups = List.copyOf(groups);
    }

    /**
     * Shows one group.
     *
     * @param name its name
     * @param queued how many messages wait for credit
     * @param held how many are lent
     * @param delayed how many wait for the delay of their nak
     * @param givenUp how many were delivered as often as the settings allow, and dropped
     * @param members how many ports share its messages
     */
    public record Group(String name, long queued, long held, long delayed, long givenUp, int members) {}
}
