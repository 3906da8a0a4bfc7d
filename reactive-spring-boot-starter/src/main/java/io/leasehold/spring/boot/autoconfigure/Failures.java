package io.leasehold.spring.boot.autoconfigure;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.origin.Origin;

/** How a property is spoken of when it stops the start. */
final class Failures {
    private static final String NATS = LeaseholdProperties.PREFIX + ".nats.";
    private static final Set<String> SECRET =
            Set.of(NATS + "credentials.password", NATS + "credentials.token", NATS + "credentials.nkey-seed");

    private Failures() {}

    /** Name, value and place, as far as they are known. */
    static String written(String name, @Nullable ConfigurationProperty property) {
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

    /** Whether the value is one of the credentials, may be one whose name is misspelt, or an address with some. */
    private static boolean isSecret(String name, ConfigurationProperty property) {
        boolean secret = !KnownProperties.isKnown(name) || SECRET.contains(name);
        return name.startsWith(NATS)
                && (secret || String.valueOf(property.getValue()).contains("@"));
    }
}
