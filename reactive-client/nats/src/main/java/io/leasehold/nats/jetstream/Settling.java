package io.leasehold.nats.jetstream;

import io.leasehold.lease.SettleItem;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The settlement that a request carries at the moment, or none. */
final class Settling {
    private @Nullable NatsHandout delivered;
    private @Nullable SettleItem item;

    void reuse(NatsHandout of, SettleItem settlement) {
        delivered = of;
        item = settlement;
    }

    NatsHandout delivered() {
        return Objects.requireNonNull(delivered);
    }

    SettleItem item() {
        return Objects.requireNonNull(item);
    }

    /** Carries none any more; the one that it was. */
    SettleItem end() {
        SettleItem ended = item();
        delivered = null;
        item = null;
        return ended;
    }
}
