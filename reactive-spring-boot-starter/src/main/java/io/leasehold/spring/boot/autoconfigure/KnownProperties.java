package io.leasehold.spring.boot.autoconfigure;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.util.ClassUtils;

/** The names of all properties, read off the records that they are bound to. */
final class KnownProperties {
    private static final String LISTENERS = LeaseholdProperties.PREFIX + ".listeners.";
    private static final String STREAMS = LeaseholdProperties.PREFIX + ".nats.streams.named.";
    // The records of a broker whose artifact is missing cannot be read.
    private static final boolean NATS = ClassUtils.isPresent(OnNats.JAR, KnownProperties.class.getClassLoader());
    private static final List<String> ALL = allNames();
    private static final List<String> OF_ONE_LISTENER = namesOf(ConsumerProperties.class, "");
    private static final List<String> OF_ONE_STREAM = NATS ? namesOf(NatsNamedStreamProperties.class, "") : List.of();

    private KnownProperties() {}

    private static List<String> allNames() {
        List<String> names = new ArrayList<>(namesOf(LeaseholdProperties.class, LeaseholdProperties.PREFIX));
        if (NATS) {
            names.addAll(namesOf(NatsProperties.class, NatsProperties.PREFIX));
        }
        return List.copyOf(names);
    }

    /** All but those of single listeners and streams. */
    static List<String> all() {
        return ALL;
    }

    /** Whether a name is known, however Boot lets it be written. */
    static boolean isKnown(String name) {
        ConfigurationPropertyName element = ConfigurationPropertyName.adapt(name, '.');
        ConfigurationPropertyName adapted = element.isLastElementIndexed() ? element.getParent() : element;
        return candidatesFor(name).stream()
                .anyMatch(known -> ConfigurationPropertyName.adapt(known, '.').equals(adapted));
    }

    /** The known name that is most like an unknown one; none when nothing is like it. */
    static Optional<String> nearest(String unknown) {
        List<String> candidates = candidatesFor(unknown);
        String last = unknown.substring(unknown.lastIndexOf('.'));
        // The right name in another place, or else one that is written nearly the same.
        return nearest(unknown, candidates.stream().filter(known -> known.endsWith(last)))
                .or(() -> nearest(unknown, candidates.stream().filter(known -> isLike(unknown, known))));
    }

    private static Optional<String> nearest(String unknown, Stream<String> candidates) {
        return candidates.min(Comparator.comparingInt(known -> distance(unknown, known)));
    }

    private static List<String> candidatesFor(String unknown) {
        boolean ofStream = unknown.startsWith(STREAMS);
        String group = ofStream ? STREAMS : LISTENERS;
        int idEnd = unknown.startsWith(group) ? unknown.indexOf('.', group.length()) : -1;
        if (idEnd < 0) {
            return ALL;
        }
        String prefix = unknown.substring(0, idEnd);
        return (ofStream ? OF_ONE_STREAM : OF_ONE_LISTENER)
                .stream().map(name -> prefix + "." + name).toList();
    }

    // Not more than half of what stands below the prefix is wrong.
    private static boolean isLike(String unknown, String known) {
        int letters = unknown.length() - LeaseholdProperties.PREFIX.length() - 1;
        return distance(unknown, known) * 2 <= letters;
    }

    private static List<String> namesOf(Class<?> type, String prefix) {
        List<String> names = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            String dashed = DataObjectPropertyName.toDashedForm(component.getName());
            String name = prefix.isEmpty() ? dashed : prefix + "." + dashed;
            if (component.getType().isRecord()) {
                names.addAll(namesOf(component.getType(), name));
            } else if (component.getType() != Map.class) {
                names.add(name);
            }
        }
        return List.copyOf(names);
    }

    /** How many letters must be changed, added or removed to make one text from the other (Levenshtein). */
    static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int same = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                int next = Math.min(Math.min(row[j], row[j - 1]) + 1, diagonal + same);
                diagonal = row[j];
                row[j] = next;
            }
        }
        return row[other.length()];
    }
}
