package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * The names of the clients below {@code leasehold.clients}, and what is called after them. A name is in kebab case,
 * however it is written: {@code auditLog} and {@code AUDIT_LOG} are the client {@code audit-log}. Names of the same
 * letters and digits are the same name, since Boot finds the properties of one under the other.
 */
final class ClientNames {
    /** The client whose properties stand right below {@code leasehold}. */
    static final String DEFAULT = "";

    static final ConfigurationPropertyName OURS = ConfigurationPropertyName.of(LeaseholdProperties.PREFIX);
    static final ConfigurationPropertyName CLIENTS = OURS.append("clients");

    private static final Pattern KEBAB = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    private ClientNames() {}

    /**
     * Returns the names that properties and environment variables are set for.
     *
     * @param known says which variables are properties
     * @throws MessagingException {@link ErrorCode#BAD_SETTING} for a name that no client can have, for one for which
     *     nothing is set, and for a variable that is no property of a client
     */
    static List<String> in(Environment environment, KnownProperties known) {
        List<String> written = new ArrayList<>(writtenIn(environment));
        written.addAll(ClientVariables.in(environment, known).clients());
        // An environment variable may lack the hyphens: the same name with them is the one that is meant.
        Map<String, String> byLetters = new LinkedHashMap<>();
        for (String name : written) {
            byLetters.merge(lettersOf(name), name, (one, other) -> one.length() >= other.length() ? one : other);
        }
        return List.copyOf(byLetters.values());
    }

    /** Returns the names that are written out, in whatever is no environment variable. */
    static List<String> writtenIn(Environment environment) {
        List<String> written = new ArrayList<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource names && !ClientVariables.areIn(source)) {
                names.stream()
                        .filter(CLIENTS::isAncestorOf)
                        .map(ClientNames::nameIn)
                        .forEach(written::add);
            }
        }
        return written;
    }

    private static String nameIn(ConfigurationPropertyName property) {
        int depth = CLIENTS.getNumberOfElements();
        String written = property.getElement(depth, Form.ORIGINAL);
        String name = inKebabCase(written);
        // What stands in brackets is a name for Boot only as it stands.
        if (!KEBAB.matcher(name).matches() || !property.chop(depth + 1).equals(CLIENTS.append(name))) {
            throw bad(written);
        }
        if (property.getNumberOfElements() == depth + 1) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING,
                    "nothing is set for the client '" + name + "'",
                    prefixOf(name).toString(),
                    "set " + prefixOf(name) + ".broker, or the address of a broker below " + prefixOf(name));
        }
        return name;
    }

    /**
     * Returns a name that a client can have.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING} for any other name
     */
    static String valid(String name) {
        if (!KEBAB.matcher(name).matches()) {
            throw bad(name);
        }
        return name;
    }

    private static MessagingException bad(String written) {
        return new MessagingException(
                ErrorCode.BAD_SETTING,
                "'" + written + "' cannot be the name of a client",
                CLIENTS.toString(),
                "take letters, digits and single hyphens, beginning with a letter, as in audit-log");
    }

    private static String inKebabCase(String written) {
        return written.replaceAll("([a-z0-9])([A-Z])", "$1-$2")
                .replace('_', '-')
                .toLowerCase(Locale.ROOT);
    }

    /** Returns what two names have in common that are the same for Boot. */
    static String lettersOf(String name) {
        return name.replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
    }

    /** Returns what the properties of a client begin with. */
    static ConfigurationPropertyName prefixOf(String client) {
        return client.equals(DEFAULT) ? OURS : CLIENTS.append(client);
    }
}
