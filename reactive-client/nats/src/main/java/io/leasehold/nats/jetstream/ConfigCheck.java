package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compares what servers made with what was asked for: they drop what they do not know without a word. */
final class ConfigCheck {
    private ConfigCheck() {}

    /**
     * Sees that a server made what was asked for.
     *
     * @throws MessagingException {@link ErrorCode#REFUSED} naming the key
     */
    static void require(Map<String, Object> asked, ApiResponse made, String what) {
        asked.forEach((key, value) -> {
            Object told = made.field(key);
            boolean same = key.endsWith("_time") ? isSameInstant(value, told) : isSame(value, told);
            if (!same) {
                throw JetStreamErrors.madeOtherwise(key, String.valueOf(told), value, what);
            }
        });
    }

    // A server writes no zeros at the end of a fraction.
    private static boolean isSameInstant(Object asked, @Nullable Object told) {
        return told != null && Instant.parse(String.valueOf(asked)).equals(Instant.parse(String.valueOf(told)));
    }

    // A server leaves out what is zero.
    private static boolean isSame(Object asked, @Nullable Object told) {
        if (asked instanceof Number number) {
            return told == null
                    ? number.longValue() == 0
                    : told instanceof Number n && n.longValue() == number.longValue();
        }
        return asked.equals(told);
    }
}
