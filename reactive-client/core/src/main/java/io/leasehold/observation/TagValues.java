package io.leasehold.observation;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes the values of tags, of meters and observations alike; who observes need not have the library of meters. */
final class TagValues {
    /** Stands where there is no value: keys are always the same. */
    static final String NONE = "none";

    private TagValues() {}

    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Returns the value of {@code error.type}, of which there are few different ones. */
    static String errorType(@Nullable ErrorCode code, @Nullable Throwable error) {
        if (error != null && !(error instanceof MessagingException)) {
            return error.getClass().getName();
        }
        return code == null ? NONE : code.name();
    }
}
