package io.leasehold.house;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Judges uses between packages: the map, the closed rooms, the optional libraries, and that nothing goes round. */
final class ImportRules {

    /** Libraries that users may leave out, or that stay behind doors, and the rooms that may name each. */
    private static final Map<String, Set<String>> ROOMS = Map.of(
            "io.github.resilience4j", Set.of("resilience"),
            "io.micrometer", Set.of("observation"),
            "io.netty", Set.of("wire", "nats"),
            "org.slf4j", Set.of("event"),
            "reactor.netty", Set.of("wire"),
            "tools.jackson", Set.of("nats"));

    private final PackageMap map;

    ImportRules(PackageMap map) {
        this.map = map;
    }

    List<Violation> check(Collection<PackageUse> uses) {
        List<Violation> violations = new ArrayList<>();
        for (PackageUse use : uses) {
            if (isOurs(use.to())) {
                checkMap(use, violations);
            } else {
                checkLibrary(use, violations);
            }
        }
        return violations.stream().distinct().toList();
    }

    private void checkMap(PackageUse use, List<Violation> violations) {
        String from = room(use.from());
        if (!map.knows(from)) {
            violations.add(use.violation("the package is not on the map; give it a row in PackageMap"));
        } else if (!map.allows(from, room(use.to()))) {
            violations.add(use.violation("it may use " + map.allowedFor(from)));
        }
    }

    private static void checkLibrary(PackageUse use, List<Violation> violations) {
        ROOMS.forEach((library, rooms) -> {
            if (isWithin(use.to(), library) && rooms.stream().noneMatch(room -> isWithin(room(use.from()), room))) {
                violations.add(use.violation("a library that only " + String.join(", ", rooms) + " may name"));
            }
        });
    }

    private static boolean isWithin(String name, String outer) {
        return name.equals(outer) || name.startsWith(outer + ".");
    }

    static boolean isOurs(String packageName) {
        return isWithin(packageName, PackageMap.ROOT);
    }

    static String room(String packageName) {
        return packageName.equals(PackageMap.ROOT) ? "" : packageName.substring(PackageMap.ROOT.length() + 1);
    }

    /** Packages that use each other in a circle, or nothing. */
    static Set<String> cycle(Collection<PackageUse> uses) {
        Map<String, Set<String>> graph = new HashMap<>();
        for (PackageUse use : uses) {
            if (isOurs(use.to())) {
                graph.computeIfAbsent(use.from(), from -> new HashSet<>()).add(use.to());
            }
        }
        // What uses nothing that is left cannot be part of a circle: take it away until nothing changes.
        boolean changed = true;
        while (changed) {
            Set<String> left = Set.copyOf(graph.keySet());
            graph.values().forEach(targets -> targets.retainAll(left));
            changed = graph.values().removeIf(Set::isEmpty);
        }
        return new TreeSet<>(graph.keySet());
    }
}
