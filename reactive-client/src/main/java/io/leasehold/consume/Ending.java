package io.leasehold.consume;

import io.leasehold.error.ErrorCode;
import io.leasehold.lease.KeptLease;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseState;
import io.leasehold.lease.Verb;
import io.leasehold.message.MessageId;
import org.jspecify.annotations.Nullable;

/** What a run's end decided about its delivery, before the broker answered. */
record Ending(
        Outcome.Kind kind,
        @Nullable ErrorCode code,
        @Nullable Throwable error) {
    static final Ending ACKED = new Ending(Outcome.Kind.ACKED, null, null);
    static final Ending RELEASED = new Ending(Outcome.Kind.RELEASED, null, null);
    static final Ending LOST = new Ending(Outcome.Kind.LOST, ErrorCode.LEASE_LOST, null);

    /**
     * The outcome of a delivery whose lease and work have ended; without an ending of its work, its lease decides.
     */
    static Outcome outcome(HeldDelivery<?> delivery, @Nullable Ending ending) {
        KeptLease lease = delivery.kept();
        MessageId id = delivery.id().orElse(null);
        int count = delivery.deliveryCount();
        LeaseLoss loss = lease.lossOrNull();
        Ending known = ending == null ? ofLease(lease) : ending;
        if (loss != null) {
            ErrorCode code = ErrorCode.LEASE_LOST;
            return new Outcome(Outcome.Kind.LOST, delivery.topic(), id, count, loss, code, known.error());
        }
        if (lease.state() == LeaseState.UNKNOWN) {
            ErrorCode code = ErrorCode.UNKNOWN;
            return new Outcome(Outcome.Kind.UNKNOWN, delivery.topic(), id, count, null, code, known.error());
        }
        return new Outcome(known.kind(), delivery.topic(), id, count, null, known.code(), known.error());
    }

    private static Ending ofLease(KeptLease lease) {
        Verb verb = lease.decidedOrNull();
        if (verb == null) {
            return LOST;
        }
        return switch (verb) {
            case ACK -> ACKED;
            case NAK -> RELEASED;
            case TERMINATE -> new Ending(Outcome.Kind.TERMINATED, null, null);
        };
    }
}
