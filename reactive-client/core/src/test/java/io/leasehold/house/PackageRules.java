package io.leasehold.house;

import com.sun.source.tree.ImportTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What each package of each module owes its reader: a telling name, a purpose, no nulls, and closed doors. */
final class PackageRules {

    private static final Set<String> DUMPING_GROUNDS =
            Set.of("util", "utils", "common", "support", "internal", "core", "helper", "helpers", "misc");
    private static final List<Door> DOORS = List.of(
            new Door(".nats.protocol.", "reactive-client/nats", "io.leasehold.nats"),
            new Door(".nats.connection.", "reactive-client/nats", "io.leasehold.nats"),
            new Door(".nats.jetstream.", "reactive-client/nats", "io.leasehold.nats"),
            new Door(".lease.keeper.", "reactive-client/core", "io.leasehold.lease"));
    private static final String MAY_ENTER_ALL = "benchmarks";

    /**
     * One inner room.
     *
     * @param room the package, below the root
     * @param module the module that may use it
     * @param instead what all others use
     */
    private record Door(String room, String module, String instead) {
        boolean isShutFor(String from, String name) {
            return name.startsWith(PackageMap.ROOT + room) && !from.equals(module) && !from.equals(MAY_ENTER_ALL);
        }
    }

    private PackageRules() {}

    static List<Violation> check(Collection<JavaSource> sources) {
        List<Violation> violations = new ArrayList<>();
        Map<String, JavaSource> packages = new LinkedHashMap<>();
        for (JavaSource source : sources) {
            if (source.isMain()) {
                String key = source.module() + ":" + source.packageName();
                packages.merge(key, source, (one, other) -> other.isPackageInfo() ? other : one);
                checkDoors(source, violations);
            }
        }
        packages.values().forEach(source -> checkPackage(source, violations));
        return violations;
    }

    private static void checkPackage(JavaSource source, List<Violation> violations) {
        String name = source.packageName();
        if (Arrays.stream(name.split("\\.")).anyMatch(DUMPING_GROUNDS::contains)) {
            violations.add(source.violation(1, "package " + name + " says nothing: name it after what happens there"));
        }
        String text = String.join("\n", source.lines());
        if (!source.isPackageInfo()) {
            violations.add(source.violation(1, "package " + name + " has no package-info.java: add its purpose"));
        } else if (!text.contains("@NullMarked") || !text.startsWith("/**")) {
            violations.add(source.violation(1, "package-info needs a sentence of purpose and @NullMarked"));
        }
    }

    private static void checkDoors(JavaSource source, List<Violation> violations) {
        for (ImportTree tree : source.unit().getImports()) {
            String name = tree.getQualifiedIdentifier().toString();
            for (Door door : DOORS) {
                if (door.isShutFor(source.module(), name)) {
                    violations.add(source.violation(tree, name + " is in an inner room: use " + door.instead()));
                }
            }
        }
    }
}
