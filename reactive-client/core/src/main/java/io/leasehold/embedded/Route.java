package io.leasehold.embedded;

import java.time.InstantSource;
import java.util.List;

/**
 * Tells where the messages of one topic go.
 *
 * @param topic the topic
 * @param family what ids of its messages are known within
 * @param groups who consumes it
 * @param retentions what keeps it
 */
record Route(String topic, String family, List<Group> groups, List<Retention> retentions) {
    /**
     * Returns the route of a topic. Its family is its first token, or the topics that have bounds of their own together
     * with it, which brokers keep apart from others.
     */
    static Route of(String topic, List<Group> groups, List<Retention> retentions) {
        for (Retention retention : retentions) {
            if (retention.isExact()) {
                return new Route(topic, retention.pattern(), groups, retentions);
            }
        }
        int dot = topic.indexOf('.');
        return new Route(topic, dot < 0 ? topic : topic.substring(0, dot), groups, retentions);
    }

    boolean isConsumed() {
        return !groups.isEmpty();
    }

    /** Tells whether anything would have a message of this size afterwards. */
    boolean keeps(int sizeBytes) {
        if (isConsumed()) {
            return true;
        }
        for (Retention retention : retentions) {
            if (retention.fits(sizeBytes)) {
                return true;
            }
        }
        return false;
    }

    /** Gives a message to all groups and retentions; {@link #dispatch} delivers it. */
    void offer(StoredMessage stored, InstantSource clock) {
        for (int i = 0; i < groups.size(); i++) {
            groups.get(i).offer(stored);
        }
        for (int i = 0; i < retentions.size(); i++) {
            keep(retentions.get(i), stored, clock);
        }
    }

    private static void keep(Retention retention, StoredMessage stored, InstantSource clock) {
        if (retention.fits(stored.sizeBytes())) {
            retention.add(stored, clock.instant());
        }
    }

    /** Has each group deliver. */
    void dispatch() {
        for (int i = 0; i < groups.size(); i++) {
            groups.get(i).dispatch();
        }
    }
}
