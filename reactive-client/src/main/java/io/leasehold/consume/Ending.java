package io.leasehold.consume;

import io.leasehold.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/** What a run's end decided about its delivery, before the broker answered. */
record Ending(
        Outcome.Kind kind,
        @Nullable ErrorCode code,
        @Nullable Throwable error) {
    static final Ending ACKED = new Ending(Outcome.Kind.ACKED, null, null);
    static final Ending RELEASED = new Ending(Outcome.Kind.RELEASED, null, null);
    static final Ending LOST = new Ending(Outcome.Kind.LOST, ErrorCode.LEASE_LOST, null);
}
