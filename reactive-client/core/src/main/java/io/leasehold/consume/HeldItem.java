package io.leasehold.consume;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.api.Internal;
import io.leasehold.lease.LeaseView;
import io.leasehold.lease.keeper.KeptLease;
import org.jspecify.annotations.Nullable;

/** A held delivery as one saw it, in two parts: what orders many of them at once, and on request the rest. */
@CheckReturnValue
public final class HeldItem {
    private final HeldDelivery<?> delivery;
    private final DeliveryStage stage;
    private final long deadlineNanos;

    private HeldItem(HeldDelivery<?> delivery) {
        this.delivery = delivery;
        this.stage = delivery.stage();
        this.deadlineNanos = delivery.kept().deadlineNanos();
    }

    static HeldItem of(HeldDelivery<?> delivery) {
        return new HeldItem(delivery);
    }

    /** Gives the delivery of a lease; null when the lease is of something else. From any thread. */
    public static @Nullable HeldItem of(LeaseView lease) {
        return lease instanceof KeptLease kept && kept.owner() instanceof HeldDelivery<?> held ? of(held) : null;
    }

    /** Gives the delivery itself, as its handler sees it. */
    @Internal
    public Delivery<?> delivery() {
        return delivery;
    }

    /** Says where it stood. */
    public DeliveryStage stage() {
        return stage;
    }

    /** Its work deadline, in ticker nanoseconds. */
    public long deadlineNanos() {
        return deadlineNanos;
    }

    /** Gives a number that stays the same while it is held, to tell apart what has one deadline. */
    public long number() {
        long message = delivery.ref().hashCode() * 0x9E3779B97F4A7C15L;
        return (message ^ delivery.group().hashCode()) * 31 + delivery.deliveryCount();
    }

    /**
     * Reports all about it, as far as it can be seen from outside. Takes the stack of a blocking handler, which is why
     * it is asked for few.
     *
     * @param now the ticker's nanoseconds
     */
    public HeldReport report(long now) {
        return HeldReport.of(delivery, stage, now);
    }
}
