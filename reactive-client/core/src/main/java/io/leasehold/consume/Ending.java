package io.leasehold.consume;

import io.leasehold.broker.Handout;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseState;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.keeper.KeptLease;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.pace.FatalErrors;
import java.time.Duration;
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

    /** Gives the outcome when lease and work have ended; without an ending of the work, the lease decides. */
    static Outcome outcome(KeptLease lease, @Nullable Ending ending) {
        LeaseLoss loss = lease.lossOrNull();
        Ending known = ending == null ? ofLease(lease) : ending;
        if (loss == LeaseLoss.MAX_HOLD) {
            MessagingException error = holdError(lease);
            return outcome(lease, Outcome.Kind.LOST, loss, error.code(), error);
        }
        if (loss != null) {
            return outcome(lease, Outcome.Kind.LOST, loss, ErrorCode.LEASE_LOST, known.error());
        }
        if (lease.state() == LeaseState.UNKNOWN) {
            return outcome(lease, Outcome.Kind.UNKNOWN, null, ErrorCode.UNKNOWN, known.error());
        }

        return outcome(lease, known.kind(), null, known.code(), known.error());
    }

    /** Gives the outcome of a settlement that nobody waits for any longer. */
    static Outcome unanswered(KeptLease lease) {
        return outcome(lease, Outcome.Kind.UNKNOWN, null, ErrorCode.UNKNOWN, null);
    }

    private static Outcome outcome(
            KeptLease lease,
            Outcome.Kind kind,
            @Nullable LeaseLoss loss,
            @Nullable ErrorCode code,
            @Nullable Throwable error) {
        Message message = ((Handout) lease.grant()).message();
        MessageId id = message.id().orElse(null);
        return new Outcome(kind, message.topic(), id, lease.deliveryCount(), loss, code, error);
    }

    /** Makes the error of work that has held its lease for too long. */
    static MessagingException holdError(KeptLease lease) {
        return new MessagingException(
                ErrorCode.HOLD_EXCEEDED,
                "the work took longer than maxHold, " + Duration.ofNanos(lease.maxHoldNanos()),
                lease.group() + ", " + lease.message(),
                "raise maxHold for work that takes longer; TouchMode.PROGRESS ends what makes no progress");
    }

    /** Makes the error with which a second subscription of a consumer ends. */
    static MessagingException alreadyConsuming(String name) {
        return new MessagingException(
                ErrorCode.ALREADY_CONSUMING,
                "the consumer has an active subscription",
                name,
                "subscribe once; to do more at once raise concurrency");
    }

    /** Gives the text of an error; it may be one of the user's whose own text fails. */
    static String textOf(Throwable error) {
        try {
            return String.valueOf(error);
        } catch (Throwable untold) {
            FatalErrors.handOn(untold);
            return error.getClass().getName();
        }
    }

    /**
     * Says why work failed, as facts of an event: what an error of this library says; of a foreign one class and where
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

    /** Says what the end of a try means whose lease was settled by the work itself, or lost, before. */
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
