package io.leasehold.spring.boot.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.origin.Origin;

/** How a property is spoken of when it stops the start. */
final class Failures {
    private Failures() {}

    /** Name, value and place, as far as they are known. */
    static String written(String name, @Nullable ConfigurationProperty property) {
        StringBuilder text = new StringBuilder("The property '").append(name).append('\'');
        if (property != null) {
            text.append(" with the value '").append(property.getValue()).append('\'');
            Origin origin = property.getOrigin();
            if (origin != null) {
                text.append(" from ").append(origin);
            }
        }
        return text.toString();
    }
}
