package io.leasehold.pace;

import io.leasehold.api.Internal;
import java.time.Duration;

/** Times that users give. */
@Internal
public final class Span {
    /** As good as for ever, and still small enough to be added to any instant. */
    public static final Duration LONGEST = Duration.ofDays(36_500);

    private Span() {}

    /** A time in nanoseconds that can be added to an instant: 0 or more, at most {@link #LONGEST}. */
    public static long nanos(Duration time) {
        if (time.isNegative()) {
            return 0;
        }
        return (time.compareTo(LONGEST) < 0 ? time : LONGEST).toNanos();
    }
}
