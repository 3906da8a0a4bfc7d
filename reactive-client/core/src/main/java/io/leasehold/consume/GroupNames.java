package io.leasehold.consume;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Remembers the names of the groups of which a client has made consumers, so that a name which nobody ever used can be
 * told from a group that has ended. Forgets the oldest beyond {@value #NAMES_MAX}. Safe for use by many threads.
 */
final class GroupNames {
    static final int NAMES_MAX = 10_000;
    private static final int SHOWN = 10;

    private final Map<String, Boolean> known = new ConcurrentHashMap<>();
    private final Queue<String> byAge = new ConcurrentLinkedQueue<>();

    void add(String name) {
        if (known.putIfAbsent(name, true) != null) {
            return;
        }

        byAge.add(name);
        if (known.size() > NAMES_MAX) {
            String oldest = byAge.poll();
            if (oldest != null) {
                known.remove(oldest);
            }
        }
    }

    boolean has(String name) {
        return known.containsKey(name);
    }

    /** Lists the first ones in the order of the alphabet, and says how many more there are. */
    @Override
    public String toString() {
        List<String> names = known.keySet().stream().sorted().toList();
        if (names.size() <= SHOWN) {
            return names.toString();
        }

        return names.subList(0, SHOWN) + " and " + (names.size() - SHOWN) + " more";
    }
}
