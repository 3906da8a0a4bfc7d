package io.leasehold.house;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which room of the client may use which: what is written here, and whatever those may. Names are below the root
 * package; the root itself is the empty name.
 */
final class PackageMap {

    static final String ROOT = "io.leasehold";
    private static final String INNER_NATS = "nats.";
    private static final String KEEPER = "lease.keeper";
    private static final Set<String> KEEPER_IS_OPEN_TO = Set.of("", "consume");

    private final Map<String, Set<String>> direct;
    private final Map<String, Set<String>> closed = new HashMap<>();

    PackageMap(Map<String, Set<String>> direct) {
        this.direct = Map.copyOf(direct);
        direct.keySet().forEach(room -> closed.put(room, everythingBelow(room)));
    }

    static PackageMap ofClient() {
        Map<String, Set<String>> rooms = new HashMap<>();
        rooms.put("api", Set.of());
        rooms.put("error", Set.of("api"));
        rooms.put("message", Set.of("error"));
        rooms.put("pace", Set.of("error"));
        rooms.put("lease", Set.of("message", "pace"));
        rooms.put(KEEPER, Set.of("lease"));
        rooms.put("event", Set.of("lease", "message"));
        rooms.put("broker", Set.of("lease", "event"));
        rooms.put("publish", Set.of("broker", "pace"));
        rooms.put("consume", Set.of("broker", "publish", "pace", KEEPER));
        rooms.put("embedded", Set.of("broker", "pace"));
        rooms.put("nats.protocol", Set.of("error", "message"));
        rooms.put("wire", Set.of("pace", "event"));
        rooms.put("nats.connection", Set.of("nats.protocol", "wire"));
        rooms.put("nats.jetstream", Set.of("nats.connection", "broker"));
        rooms.put("nats", Set.of("nats.protocol", "nats.connection", "nats.jetstream", "broker", "wire"));
        rooms.put("resilience", Set.of("publish", "consume"));
        rooms.put("observation", Set.of("publish", "consume", "event"));
        rooms.put("diagnostics", Set.of("consume", "publish", "event"));
        Set<String> front = new HashSet<>(rooms.keySet());
        front.removeIf(room -> room.startsWith(INNER_NATS));
        rooms.put("", front);
        rooms.put("test", Set.of(""));
        return new PackageMap(rooms);
    }

    Collection<String> rooms() {
        return new TreeSet<>(direct.keySet());
    }

    boolean knows(String room) {
        return direct.containsKey(room);
    }

    boolean allows(String from, String to) {
        return from.equals(to) || (closed.getOrDefault(from, Set.of()).contains(to) && !isLockedFor(from, to));
    }

    /** The engine of leases is open to its two owners, and the inner NATS rooms to NATS, however they are reached. */
    private static boolean isLockedFor(String from, String to) {
        if (to.equals(KEEPER)) {
            return !KEEPER_IS_OPEN_TO.contains(from);
        }
        return to.startsWith(INNER_NATS) && !from.equals("nats") && !from.startsWith(INNER_NATS);
    }

    private Set<String> everythingBelow(String room) {
        Set<String> below = new HashSet<>();
        collect(room, below);
        return below;
    }

    private void collect(String room, Set<String> below) {
        for (String next : direct.getOrDefault(room, Set.of())) {
            if (below.add(next)) {
                collect(next, below);
            }
        }
    }

    /** What a room may use, for the message of a failing test. */
    String allowedFor(String room) {
        Set<String> names = new TreeSet<>();
        for (String other : rooms()) {
            if (!other.equals(room) && allows(room, other)) {
                names.add(other.isEmpty() ? ROOT : other);
            }
        }
        return names.isEmpty() ? "nothing" : String.join(", ", names);
    }
}
