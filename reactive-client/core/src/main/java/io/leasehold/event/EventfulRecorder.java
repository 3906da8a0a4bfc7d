package io.leasehold.event;

import io.leasehold.api.Internal;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseState;
import io.leasehold.lease.LeaseView;
import io.leasehold.lease.SettleVerb;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The recorder of a client: tells each of its parts what is reported, and what is rare about leases once more as a
 * {@link MessagingEvent} whose subject is group and topic.
 */
@Internal
public final class EventfulRecorder extends FanOut {
    /** A recorder that tells each of these, in this order, what one client reports. */
    public EventfulRecorder(List<? extends Recorder> parts, String client) {
        super(parts, client);
    }

    @Override
    public void lost(LeaseView lease, LeaseLoss loss) {
        super.lost(lease, loss);
        tell(Kind.LEASE_LOST, lease, ErrorCode.LEASE_LOST, "loss", loss);
    }

    @Override
    public void deadOnArrival(LeaseView lease) {
        super.deadOnArrival(lease);
        tell(Kind.DEAD_ON_ARRIVAL, lease, null, "state", lease.state());
    }

    @Override
    public void stale(LeaseView lease, SettleVerb verb) {
        super.stale(lease, verb);
        boolean decided = lease.decidedOrNull() != null;
        ErrorCode code = decided ? ErrorCode.ALREADY_SETTLED : ErrorCode.LEASE_LOST;
        tell(Kind.STALE_SETTLEMENT, lease, code, "verb", verb);
    }

    @Override
    public void touchAnswered(LeaseView lease, boolean inTime) {
        super.touchAnswered(lease, inTime);
        // An answer that a settlement has overtaken is none that anybody misses.
        LeaseState state = lease.state();
        if (!inTime && state != LeaseState.WRITTEN && state != LeaseState.SETTLED) {
            tell(Kind.LATE_ANSWER, lease, null, "to", "touch");
        }
    }

    @Override
    public void lateAnswer(LeaseView lease) {
        super.lateAnswer(lease);
        tell(Kind.LATE_ANSWER, lease, null, "to", "settlement");
    }

    @Override
    public void aborted(LeaseView lease) {
        super.aborted(lease);
        tell(Kind.CONNECTION_ABORTED, lease, ErrorCode.UNKNOWN, "verb", SettleVerb.NAK);
    }

    @Override
    public void cancelStarved(int waiting) {
        super.cancelStarved(waiting);
        event(new MessagingEvent(
                Kind.CANCEL_STARVED, "cancel executor", ErrorCode.CANCEL_STARVED, Map.of("waiting", waiting)));
    }

    @Override
    public void clockMissed(long nanos) {
        super.clockMissed(nanos);
        event(new MessagingEvent(Kind.CLOCK_MISSED, "clock", null, Map.of("nanos", nanos)));
    }

    @Override
    public void fault(Throwable fault) {
        super.fault(fault);
        event(faultOf(fault));
    }

    // What names its setting is no defect of ours.
    private static MessagingEvent faultOf(Throwable fault) {
        if (MessagingException.codeOf(fault) != ErrorCode.SCHEDULER_REJECTED) {
            return new MessagingEvent(Kind.FAULT, "client", ErrorCode.INTERNAL, Map.of("fault", fault));
        }
        return MessagingEvent.because(Kind.FAULT, "client", fault);
    }

    private void tell(Kind kind, LeaseView lease, @Nullable ErrorCode code, String name, Object fact) {
        Message message = lease.message();
        String subject = lease.group() + "/" + (message == null ? "" : message.topic());
        String id = message == null ? "" : message.id().map(MessageId::value).orElse("");
        Map<String, Object> details = Map.of(name, fact, "id", id, "deliveryCount", lease.deliveryCount());
        event(new MessagingEvent(kind, subject, code, details));
    }
}
