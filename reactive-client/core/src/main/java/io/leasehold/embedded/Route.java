package io.leasehold.embedded;

import java.time.InstantSource;
import java.util.List;

/** Where the messages of one topic go: the groups that consume it and what keeps it. */
record Route(String topic, String family, List<Group> groups, List<Retention> retentions) {
    /**
     * The route of a topic. Its family, within which ids are known, is its first token, or the topics that have bounds
     * of their own together with it, which brokers keep apart from others.
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

    /** Whether anything would have a message of this size afterwards. */
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

    /** Gives a message to all; {@link #dispatch} delivers it. */
    void offer(Stored stored, InstantSource clock) {
        for (int i = 0; i < groups.size(); i++) {
            groups.get(i).offer(stored);
        }
        for (int i = 0; i < retentions.size(); i++) {
            keep(retentions.get(i), stored, clock);
        }
    }

    private static void keep(Retention retention, Stored stored, InstantSource clock) {
        if (retention.fits(stored.sizeBytes())) {
            retention.add(stored, clock.instant());
        }
    }

    void dispatch() {
        for (int i = 0; i < groups.size(); i++) {
            groups.get(i).dispatch();
        }
    }
}
