package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Which property of which client an environment variable is. In {@code LEASEHOLD_CLIENTS_AUDIT_LOG_NATS_SERVERS}
 * nothing says where the name of the client ends; Boot takes one word for it. Here it ends where a known property
 * begins, so that this one is {@code leasehold.clients.audit-log.nats.servers}.
 */
final class ClientVariables {
    private static final int NAME = ClientNames.CLIENTS.getNumberOfElements();

    /** The property that each variable is, by the name that Boot gives the variable. */
    private final Map<ConfigurationPropertyName, ConfigurationPropertyName> properties;

    private ClientVariables(Map<ConfigurationPropertyName, ConfigurationPropertyName> properties) {
        this.properties = properties;
    }

    /**
     * Reads the variables that begin with {@code LEASEHOLD_CLIENTS_}, without those that a cluster sets for a service.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING} naming a variable that is no known property
     */
    static ClientVariables in(Environment environment, KnownProperties known) {
        Set<String> letters = ClientNames.writtenIn(environment).stream()
                .map(ClientNames::lettersOf)
                .collect(Collectors.toSet());
        Map<ConfigurationPropertyName, ConfigurationPropertyName> properties = new LinkedHashMap<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (areIn(source) && source instanceof IterableConfigurationPropertySource names) {
                names.stream()
                        .filter(ClientNames.CLIENTS::isAncestorOf)
                        .forEach(name -> propertyOf(name, known, letters)
                                .or(() -> refuseUnlessOfAService(name, names, known))
                                .ifPresent(property -> properties.put(name, property)));
            }
        }

        return new ClientVariables(properties);
    }

    /** Tells whether a source holds environment variables. */
    static boolean areIn(ConfigurationPropertySource source) {
        return source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource;
    }

    private static Optional<ConfigurationPropertyName> propertyOf(
            ConfigurationPropertyName variable, KnownProperties known, Set<String> clients) {
        List<String> words = wordsOf(variable);
        String index = variable.isLastElementIndexed() ? "[" + words.remove(words.size() - 1) + "]" : "";
        List<String> matching = new ArrayList<>();
        for (int end = 1; end < words.size(); end++) {
            String client = String.join("-", words.subList(0, end));
            Optional<String> property = known.ofClient(words.subList(end, words.size()));
            property.map(found -> client + "." + found + index).ifPresent(matching::add);
        }

        // Rarely more than one: then the client that is known, or else the one with the shortest name.
        return matching.stream()
                .filter(found -> clients.contains(ClientNames.lettersOf(found.substring(0, found.indexOf('.')))))
                .findFirst()
                .or(() -> matching.stream().findFirst())
                .map(found -> ConfigurationPropertyName.of(ClientNames.CLIENTS + "." + found));
    }

    private static List<String> wordsOf(ConfigurationPropertyName variable) {
        return IntStream.range(NAME, variable.getNumberOfElements())
                .mapToObj(i -> variable.getElement(i, Form.DASHED))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static Optional<ConfigurationPropertyName> refuseUnlessOfAService(
            ConfigurationPropertyName name, ConfigurationPropertySource source, KnownProperties known) {
        ConfigurationProperty written = source.getConfigurationProperty(name);
        if (written != null && BindingRules.isOfAService(written)) {
            return Optional.empty();
        }

        String variable = written != null && written.getOrigin() instanceof PropertySourceOrigin origin
                ? origin.getPropertyName()
                : name.toString();
        throw new MessagingException(
                ErrorCode.BAD_SETTING,
                "the environment variable is no property of a client",
                variable,
                nearest(wordsOf(name), known)
                        .map(like -> "did you mean '" + like + "', which is " + variableOf(like) + "?")
                        .orElse("correct or remove it; if it is of another broker, add the jar of that broker"));
    }

    private static Optional<String> nearest(List<String> words, KnownProperties known) {
        return IntStream.range(1, words.size())
                .mapToObj(end -> ClientNames.CLIENTS + "." + String.join("-", words.subList(0, end)) + "."
                        + String.join(".", words.subList(end, words.size())))
                .flatMap(name ->
                        known.nearest(name).map(like -> Map.entry(like, KnownProperties.distance(name, like))).stream())
                .min(Comparator.comparingInt(Map.Entry::getValue))
                .map(Map.Entry::getKey);
    }

    private static String variableOf(String property) {
        return property.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /**
     * Returns the names of the clients that they are of.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING} for a name that no client can have
     */
    List<String> clients() {
        return properties.values().stream()
                .map(property -> ClientNames.valid(property.getElement(NAME, Form.DASHED)))
                .distinct()
                .toList();
    }

    /** Returns the sources of an environment, in which the variables have the names of their properties. */
    List<ConfigurationPropertySource> sourcesOf(Environment environment) {
        List<ConfigurationPropertySource> sources = new ArrayList<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            boolean renamed = areIn(source) && source instanceof IterableConfigurationPropertySource;
            sources.add(renamed ? new Renamed((IterableConfigurationPropertySource) source, properties) : source);
        }
        return sources;
    }

    /** A source of variables under the names of their properties. */
    private record Renamed(
            IterableConfigurationPropertySource variables,
            Map<ConfigurationPropertyName, ConfigurationPropertyName> properties)
            implements IterableConfigurationPropertySource {
        @Override
        public Stream<ConfigurationPropertyName> stream() {
            return variables.stream().map(name -> properties.getOrDefault(name, name));
        }

        @Override
        public @Nullable ConfigurationProperty getConfigurationProperty(ConfigurationPropertyName name) {
            for (Map.Entry<ConfigurationPropertyName, ConfigurationPropertyName> one : properties.entrySet()) {
                ConfigurationProperty found =
                        one.getValue().equals(name) ? variables.getConfigurationProperty(one.getKey()) : null;
                if (found != null) {
                    return new ConfigurationProperty(one.getValue(), found.getValue(), found.getOrigin());
                }
            }
            return variables.getConfigurationProperty(name);
        }

        @Override
        public ConfigurationPropertyState containsDescendantOf(ConfigurationPropertyName name) {
            return stream().anyMatch(name::isAncestorOf)
                    ? ConfigurationPropertyState.PRESENT
                    : variables.containsDescendantOf(name);
        }

        @Override
        public @Nullable Object getUnderlyingSource() {
            return variables.getUnderlyingSource();
        }
    }
}
