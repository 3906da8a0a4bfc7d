package io.leasehold.consume;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this client remembers of messages between their deliveries, for as many as fit: dead letters that it owes, and
 * how often it gave them back without working on them. What does not fit is forgotten, and then counts as a failure.
 */
final class Remembered {
    private static final int MESSAGES_MAX = 10_000;

    private final Map<Object, Boolean> owed = new ConcurrentHashMap<>();
    private final Map<Object, Integer> releases = new ConcurrentHashMap<>();

    /** A dead letter failed: a later delivery tries it first, without running. */
    void owe(Object ref) {
        if (owed.size() < MESSAGES_MAX) {
            owed.put(ref, Boolean.TRUE);
        }
    }

    boolean owes(Object ref) {
        return !owed.isEmpty() && owed.containsKey(ref);
    }

    /** The message was given back although nothing was wrong with it. */
    void released(Object ref) {
        if (releases.size() < MESSAGES_MAX || releases.containsKey(ref)) {
            releases.merge(ref, 1, Integer::sum);
        }
    }

    int releases(Object ref) {
        return releases.isEmpty() ? 0 : releases.getOrDefault(ref, 0);
    }

    /** The message is settled for good. */
    void forget(Object ref) {
        if (!owed.isEmpty()) {
            owed.remove(ref);
        }
        if (!releases.isEmpty()) {
            releases.remove(ref);
        }
    }
}
