package io.leasehold.diagnostics;

import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.event.Recorder;
import io.leasehold.event.RunEnd;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseView;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** Writes what happens to leases and runs into a recording, when one is on. */
final class FlightRecorder implements Recorder {
    private static final long QUEUED_NANOS_MIN = 25_000_000L;
    private static final long SLOW_NANOS_MIN = 100_000_000L;

    @Override
    public void lost(LeaseView lease, LeaseLoss loss) {
        LeaseLostEvent event = new LeaseLostEvent();
        if (event.isEnabled()) {
            Message message = lease.message();
            event.group = lease.group();
            event.topic = message == null ? null : message.topic();
            event.message =
                    message == null ? null : message.id().map(MessageId::value).orElse(null);
            event.deliveryCount = lease.deliveryCount();
            event.loss = loss.name();
            event.commit();
        }
    }

    @Override
    public void event(MessagingEvent told) {
        if (told.kind() == Kind.ORPHAN || told.kind() == Kind.ORPHAN_ENDED) {
            OrphanEvent event = new OrphanEvent();
            event.subject = told.subject();
            event.ended = told.kind() == Kind.ORPHAN_ENDED;
            event.commit();
        }
    }

    @Override
    public void cancelDelayed(long nanos) {
        if (nanos >= QUEUED_NANOS_MIN) {
            slow("waiting for a thread", nanos);
        }
    }

    @Override
    public void cancelled(String group, long nanos) {
        if (nanos >= SLOW_NANOS_MIN) {
            slow(group, nanos);
        }
    }

    private static void slow(String what, long nanos) {
        SlowCancelEvent event = new SlowCancelEvent();
        event.what = what;
        event.took = nanos;
        event.commit();
    }

    @Override
    public void ended(String group, RunEnd how, @Nullable ErrorCode code, long nanos) {
        HandlerRunEvent event = new HandlerRunEvent();
        if (event.isEnabled()) {
            event.group = group;
            event.outcome = how.name();
            event.code = code == null ? null : code.name();
            event.took = nanos;
            event.commit();
        }
    }

    @Name("io.leasehold.LeaseLost")
    @Label("Lease Lost")
    @Category("Leasehold")
    @Description("A lease ended without our settling")
    @StackTrace(false)
    static final class LeaseLostEvent extends Event {
        @Nullable
        String group;

        @Nullable
        String topic;

        @Nullable
        String message;

        int deliveryCount;

        @Nullable
        String loss;
    }

    @Name("io.leasehold.Orphan")
    @Label("Orphan")
    @Category("Leasehold")
    @Description("Work goes on although its lease is lost, or has ended after that")
    @StackTrace(false)
    static final class OrphanEvent extends Event {
        @Nullable
        String subject;

        boolean ended;
    }

    @Name("io.leasehold.SlowCancel")
    @Label("Slow Cancel")
    @Category("Leasehold")
    @Description("A cancel waited long for a thread, or work went on long after its lease was lost")
    @StackTrace(false)
    static final class SlowCancelEvent extends Event {
        @Nullable
        String what;

        @Timespan(Timespan.NANOSECONDS)
        long took;
    }

    @Name("io.leasehold.HandlerRun")
    @Label("Handler Run")
    @Category("Leasehold")
    @Description("A handler was called, and its run and settlement have ended")
    @Enabled(false)
    @StackTrace(false)
    static final class HandlerRunEvent extends Event {
        @Nullable
        String group;

        @Nullable
        String outcome;

        @Nullable
        String code;

        @Timespan(Timespan.NANOSECONDS)
        long took;
    }
}
