package io.leasehold.consume;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseState;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.keeper.KeptLease;
import io.leasehold.message.MessageId;
import io.leasehold.pace.FatalErrors;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a run's end decided about its delivery, before the broker answered. */
record Ending(
        Outcome.Kind kind,
        @Nullable ErrorCode code,
        @Nullable Throwable error) {
    static final Ending ACKED = new Ending(Outcome.Kind.ACKED, null, null);
    static final Ending TERMINATED = new Ending(Outcome.Kind.TERMINATED, null, null);
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
            if (loss == LeaseLoss.MAX_HOLD) {
                MessagingException error = delivery.holdError();
                return new Outcome(Outcome.Kind.LOST, delivery.topic(), id, count, loss, error.code(), error);
            }
            ErrorCode code = ErrorCode.LEASE_LOST;
            return new Outcome(Outcome.Kind.LOST, delivery.topic(), id, count, loss, code, known.error());
        }
        if (lease.state() == LeaseState.UNKNOWN) {
            ErrorCode code = ErrorCode.UNKNOWN;
            return new Outcome(Outcome.Kind.UNKNOWN, delivery.topic(), id, count, null, code, known.error());
        }
        return new Outcome(known.kind(), delivery.topic(), id, count, null, known.code(), known.error());
    }

    /** The outcome of a delivery whose settlement nobody waits for any longer. */
    static Outcome unanswered(HeldDelivery<?> delivery) {
        if (!delivery.kept().state().isOpen()) {
            return delivery.outcome();
        }
        MessageId id = delivery.id().orElse(null);
        int count = delivery.deliveryCount();
        return new Outcome(Outcome.Kind.UNKNOWN, delivery.topic(), id, count, null, ErrorCode.UNKNOWN, null);
    }

    /** How a second subscription of a consumer ends. */
    static MessagingException alreadyConsuming(String name) {
        return new MessagingException(
                ErrorCode.ALREADY_CONSUMING,
                "the consumer has an active subscription",
                name,
                "subscribe once; to do more at once raise concurrency");
    }

    /** What an error says; it may be one of the user's whose own text fails. */
    static String textOf(Throwable error) {
        try {
            return String.valueOf(error);
        } catch (Throwable untold) {
            FatalErrors.handOn(untold);
            return error.getClass().getName();
        }
    }

    /**
     * Why work failed, as facts of an event: what an error of this library says; of a foreign one its class and where
     * it was thrown, since its text may hold anything.
     *
     * @param error null when the handler decided so without one
     */
    static Map<String, Object> factsOf(@Nullable Throwable error) {
        if (error == null) {
            return Map.of(MessagingEvent.WHAT, "the handler gave a message back for the first time; it is tried again");
        }
        if (error instanceof MessagingException ours) {
            return Map.of(MessagingEvent.WHAT, ours.what(), MessagingEvent.REMEDY, ours.remedy());
        }
        return Map.of("fault", error);
    }

    private static Ending ofLease(KeptLease lease) {
        SettleVerb verb = lease.decidedOrNull();
        if (verb == null) {
            return LOST;
        }
        return switch (verb) {
            case ACK -> ACKED;
            case NAK -> RELEASED;
            case TERMINATE -> new Ending(Outcome.Kind.TERMINATED, null, null);
        };
    }

    /** What the end of a try means when its lease was settled by the work itself, or lost, before. */
    static Ending decidedBefore(KeptLease lease, Execution over) {
        SettleVerb verb = lease.decidedOrNull();
        Throwable error = over.error();
        if (verb == null) {
            return LOST;
        }
        ErrorCode code = error == null ? null : MessagingException.codeOf(error);
        return switch (verb) {
            case ACK -> new Ending(Outcome.Kind.ACKED, code, error);
            case TERMINATE -> new Ending(Outcome.Kind.TERMINATED, code, error);
            case NAK ->
                switch (over.stop()) {
                    case RELEASE, ABANDONED -> RELEASED;
                    case TIMEOUT -> new Ending(Outcome.Kind.NAKED, ErrorCode.HANDLER_TIMEOUT, error);
                    case NONE, LOST -> new Ending(Outcome.Kind.NAKED, code, error);
                };
        };
    }
}
