package io.leasehold.observation;

import java.util.Locale;

/** How values are written, of meters and observations alike; who observes need not have the library of meters. */
final class TagValues {
    /** Where there is none: keys are always the same. */
    static final String NONE = "none";

    private TagValues() {}

    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
