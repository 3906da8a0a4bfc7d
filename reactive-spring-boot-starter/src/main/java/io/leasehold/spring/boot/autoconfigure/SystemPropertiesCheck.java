package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;

/**
 * Refuses system properties that Leasehold does not know. Boot leaves them out when it looks for unknown properties,
 * and environment variables too: those may come from elsewhere, a cluster for example, and are not looked at here.
 */
final class SystemPropertiesCheck {
    private static final String START = LeaseholdProperties.PREFIX + ".";

    /**
     * Checks them.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING} naming the first one that is not known
     */
    SystemPropertiesCheck(Environment environment, KnownProperties known) {
        if (environment instanceof ConfigurableEnvironment all
                && all.getPropertySources().get(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME)
                        instanceof EnumerablePropertySource<?> properties) {
            for (String name : properties.getPropertyNames()) {
                requireKnown(name, known);
            }
        }
    }

    private static void requireKnown(String name, KnownProperties properties) {
        if (name.startsWith(START) && !properties.isKnown(name)) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING,
                    "the system property is not known",
                    name,
                    properties
                            .nearest(name)
                            .map(known -> "did you mean '" + known + "'?")
                            .orElse("correct or remove it"));
        }
    }
}
