package io.leasehold.spring.boot.autoconfigure;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;

/** The names of all properties, read off the records that they are bound to, and what may be printed of values. */
final class KnownProperties {
    /** Stands for a name that users choose: of a client, a listener, a stream. */
    private static final String ANY = "*";

    private static final String PREFIX = LeaseholdProperties.PREFIX + ".";
    private static final String BROKER = PREFIX + "broker";
    private static final String OF_CLIENT = PREFIX + "clients." + ANY + ".";
    private static final Pattern SECRET = Pattern.compile(
            "(?!.*-file$).*(password|passphrase|token|secret|seed|jwt|credential|(api|private|access)-?key).*");

    private final List<String> patterns;

    private KnownProperties(List<String> patterns) {
        this.patterns = List.copyOf(patterns);
    }

    /** Reads the names of the starter and of brokers. */
    static KnownProperties of(Collection<? extends BrokerFactory<?>> brokers) {
        return of(brokers, List.of());
    }

    /**
     * Reads the names of the starter and of brokers.
     *
     * @param missing brokers without their jar, so that whatever stands below the name of one may be a property of it
     */
    static KnownProperties of(Collection<? extends BrokerFactory<?>> brokers, Collection<MissingBroker> missing) {
        List<String> names = new ArrayList<>(namesOf(LeaseholdProperties.class, PREFIX));
        for (BrokerFactory<?> broker : brokers) {
            names.addAll(namesOf(broker.properties(), PREFIX + broker.name() + "."));
            names.addAll(namesOf(broker.properties(), OF_CLIENT + broker.name() + "."));
        }
        for (MissingBroker broker : missing) {
            names.add(PREFIX + broker.name() + "." + ANY);
            names.add(OF_CLIENT + broker.name() + "." + ANY);
        }
        return new KnownProperties(names);
    }

    /** Reads the names of the starter and of the brokers of an application, which may have failed to start. */
    static KnownProperties in(@Nullable BeanFactory beans) {
        try {
            return of(beans == null ? List.of() : brokersIn(beans));
        } catch (BeansException | IllegalStateException unavailable) {
            return of(List.of());
        }
    }

    /**
     * Reads the names of the starter and of the brokers whose beans are registered so far. Makes these beans, and
     * touches no other one.
     */
    static KnownProperties registeredIn(ListableBeanFactory beans) {
        List<BrokerFactory<?>> brokers = new ArrayList<>();
        for (String name : beans.getBeanNamesForType(BrokerFactory.class, true, false)) {
            brokers.add(beans.getBean(name, BrokerFactory.class));
        }
        List<MissingBroker> missing = new ArrayList<>();
        for (String name : beans.getBeanNamesForType(MissingBroker.class, true, false)) {
            missing.add(beans.getBean(name, MissingBroker.class));
        }
        return of(brokers, missing);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static List<BrokerFactory<?>> brokersIn(BeanFactory beans) {
        return (List) beans.getBeanProvider(BrokerFactory.class).orderedStream().toList();
    }

    private static List<String> namesOf(Class<?> type, String prefix) {
        List<String> names = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            String name = prefix + DataObjectPropertyName.toDashedForm(component.getName());
            if (component.getType().isRecord()) {
                names.addAll(namesOf(component.getType(), name + "."));
            } else if (component.getType() == Map.class) {
                names.addAll(namesInMap(component, name + "." + ANY));
            } else {
                names.add(name);
            }
        }
        return names;
    }

    private static List<String> namesInMap(RecordComponent map, String name) {
        Type value = ((ParameterizedType) map.getGenericType()).getActualTypeArguments()[1];
        return value instanceof Class<?> type && type.isRecord() ? namesOf(type, name + ".") : List.of(name);
    }

    /** Returns all but those of single clients, listeners and streams. */
    List<String> all() {
        return patterns.stream().filter(name -> !name.contains(ANY)).toList();
    }

    /** Tells whether anything is set that only the default client has: the name of its broker, or what that is like. */
    boolean isDefaultClientSet(Environment environment) {
        List<String> ofAll = namesOf(LeaseholdProperties.class, PREFIX);
        ofAll.remove(BROKER);
        List<ConfigurationPropertyName> own = patterns.stream()
                .filter(name -> !name.startsWith(OF_CLIENT) && !ofAll.contains(name))
                .map(name -> ConfigurationPropertyName.of(name.replaceAll("\\.\\*.*", "")))
                .toList();

        return StreamSupport.stream(
                        ConfigurationPropertySources.get(environment).spliterator(), false)
                .anyMatch(source -> own.stream()
                        .anyMatch(name -> source.getConfigurationProperty(name) != null
                                || source.containsDescendantOf(name) == ConfigurationPropertyState.PRESENT));
    }

    /** Tells whether a name is known, however Boot lets it be written. */
    boolean isKnown(String name) {
        ConfigurationPropertyName element = ConfigurationPropertyName.adapt(name, '.');
        ConfigurationPropertyName adapted = element.isLastElementIndexed() ? element.getParent() : element;
        return candidatesFor(name)
                .map(known -> ConfigurationPropertyName.adapt(known, '.'))
                .anyMatch(known -> known.equals(adapted) || known.equals(element));
    }

    /**
     * Finds the property of a named client that an environment variable is by its words, wherever between them the
     * parts of the property begin.
     *
     * @return what stands below the client
     */
    Optional<String> ofClient(List<String> words) {
        return patterns.stream()
                .filter(pattern -> pattern.startsWith(OF_CLIENT))
                .flatMap(pattern -> filledIn(pattern.substring(OF_CLIENT.length()), words).stream())
                .findFirst();
    }

    private static Optional<String> filledIn(String pattern, List<String> words) {
        int any = pattern.indexOf(ANY);
        if (any < 0) {
            return areWordsOf(pattern, words) ? Optional.of(pattern) : Optional.empty();
        }
        String head = pattern.substring(0, any);
        String tail = pattern.substring(any + 1);
        for (int i = 1; i < words.size(); i++) {
            // Where a map of records ends with a name, the name is one word; a map of texts has the rest.
            int end = tail.isEmpty() ? words.size() : i + 1;
            if (areWordsOf(head, words.subList(0, i)) && areWordsOf(tail, words.subList(end, words.size()))) {
                return Optional.of(head + String.join(".", words.subList(i, end)) + tail);
            }
        }
        return Optional.empty();
    }

    private static boolean areWordsOf(String property, List<String> words) {
        return property.replaceAll("[.-]", "").equals(String.join("", words).replace("-", ""));
    }

    /** Finds the known name that is most like an unknown one; none when nothing is like it. */
    Optional<String> nearest(String unknown) {
        String last = unknown.substring(unknown.lastIndexOf('.'));
        // The right name in another place, or else one that is written nearly the same.
        return nearest(unknown, candidatesFor(unknown).filter(known -> known.endsWith(last)))
                .or(() -> nearest(unknown, candidatesFor(unknown).filter(known -> isLike(unknown, known))));
    }

    private static Optional<String> nearest(String unknown, Stream<String> candidates) {
        return candidates.min(Comparator.comparingInt(known -> distance(unknown, known)));
    }

    /** Lists all names, with the words of the given one where users choose; below such a word what can stand there. */
    private Stream<String> candidatesFor(String name) {
        List<String> chosen = patterns.stream()
                .filter(pattern -> pattern.contains(ANY))
                .flatMap(pattern -> filledIn(pattern, name).stream())
                .toList();
        return chosen.isEmpty() ? all().stream() : chosen.stream();
    }

    private static Optional<String> filledIn(String pattern, String name) {
        String filled = pattern;
        for (int any = filled.indexOf(ANY); any >= 0; any = filled.indexOf(ANY)) {
            boolean last = any == filled.length() - 1;
            int end = last ? name.length() : name.indexOf('.', any);
            if (end < any || !name.startsWith(filled.substring(0, any))) {
                return Optional.empty();
            }
            filled = name.substring(0, end) + filled.substring(any + 1);
        }
        return Optional.of(filled);
    }

    // Not more than half of what stands below the prefix is wrong.
    private static boolean isLike(String unknown, String known) {
        int letters = unknown.length() - PREFIX.length();
        return distance(unknown, known) * 2 <= letters;
    }

    /** Returns how many letters must be changed, added or removed to make one text from the other (Levenshtein). */
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

    /** Returns what the names begin with that have others below them, in their order. */
    List<String> groups() {
        return patterns.stream()
                .map(KnownProperties::groupOf)
                .filter(group -> !group.isEmpty())
                .distinct()
                .toList();
    }

    private static String groupOf(String name) {
        int end = name.indexOf('.', PREFIX.length());
        String group = end < 0 ? "" : name.substring(0, end);
        return name.startsWith(group + "." + ANY) ? group + ".<name>" : group;
    }

    /** Says name, value and place of a property, as far as they are known and no secret. */
    String written(String name, @Nullable ConfigurationProperty property) {
        StringBuilder text = new StringBuilder("The property '").append(name).append('\'');
        if (property != null) {
            text.append(isSecret(name, property) ? " with a value" : " with the value '" + property.getValue() + "'");
            Origin origin = property.getOrigin();
            if (origin != null) {
                text.append(" from ").append(origin);
            }
        }
        return text.toString();
    }

    /** Tells whether the value is a credential, may be one whose name is misspelt, or is an address with one. */
    private boolean isSecret(String name, ConfigurationProperty property) {
        String last = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return SECRET.matcher(last).matches()
                || String.valueOf(property.getValue()).contains("@")
                || (isOfABroker(name) && !isKnown(name));
    }

    // Whatever has a group that is known to hold no secrets, with or without a client before it, is of no broker.
    private static boolean isOfABroker(String name) {
        List<String> own = namesOf(LeaseholdProperties.class, PREFIX);
        own.addAll(namesOf(EmbeddedProperties.class, EmbeddedProperties.PREFIX + "."));
        String below = name.startsWith(PREFIX + "clients.")
                ? PREFIX + name.substring(name.indexOf('.', PREFIX.length() + "clients.".length()) + 1)
                : name;
        int end = below.indexOf('.', PREFIX.length());
        return end >= 0 && own.stream().noneMatch(known -> known.startsWith(below.substring(0, end + 1)));
    }
}
