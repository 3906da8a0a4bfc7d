package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/** The names of the clients below {@code leasehold.clients}, and what is called after them. */
final class ClientNames {
    /** The client whose properties stand right below {@code leasehold}. */
    static final String DEFAULT = "";

    static final ConfigurationPropertyName OURS = ConfigurationPropertyName.of(LeaseholdProperties.PREFIX);
    static final ConfigurationPropertyName CLIENTS = OURS.append("clients");

    private ClientNames() {}

    /**
     * Returns the names that properties are set for, in lower case.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING} for a name that no property can have
     */
    static List<String> in(Environment environment) {
        BindingRules rules = new BindingRules(environment, List::of);
        Map<String, Object> found = Binder.get(environment)
                .bind(CLIENTS, Bindable.mapOf(String.class, Object.class), rules.apply(BindHandler.DEFAULT))
                .orElse(Map.of());
        // An environment variable has no hyphens: the same name with them is the one that is meant.
        Map<String, String> byLetters = new LinkedHashMap<>();
        for (String written : found.keySet()) {
            String name = written.toLowerCase(Locale.ROOT);
            requireElement(name);
            byLetters.merge(name.replace("-", ""), name, (one, other) -> one.length() >= other.length() ? one : other);
        }

        return List.copyOf(byLetters.values());
    }

    private static void requireElement(String name) {
        boolean plain = ConfigurationPropertyName.isValid(name)
                && ConfigurationPropertyName.of(name).getNumberOfElements() == 1;
        if (!plain) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING,
                    "'" + name + "' cannot be the name of a client",
                    CLIENTS.toString(),
                    "take letters, digits and hyphens, beginning with a letter");
        }
    }

    /** Returns what the properties of a client begin with. */
    static ConfigurationPropertyName prefixOf(String client) {
        return client.equals(DEFAULT) ? OURS : CLIENTS.append(client);
    }
}
