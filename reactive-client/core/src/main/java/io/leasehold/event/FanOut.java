package io.leasehold.event;

import io.leasehold.error.ErrorCode;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseView;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleVerb;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells several recorders. What one of them throws is told to all as a FAULT, and stops nothing. */
class FanOut implements Recorder {
    private final Recorder[] recorders;

    FanOut(List<? extends Recorder> recorders) {
        this.recorders = recorders.toArray(new Recorder[0]);
    }

    /** Tells what each of them gives for a client; one that throws instead is told itself. */
    FanOut(List<? extends Recorder> recorders, String client) {
        this(recorders);
        for (int i = 0; i < this.recorders.length; i++) {
            Recorder one = this.recorders[i];
            try {
                this.recorders[i] = Objects.requireNonNullElse(one.forClient(client), one);
            } catch (Throwable fault) {
                blame(one, fault);
            }
        }
    }

    private void each(Consumer<Recorder> call) {
        for (Recorder recorder : recorders) {
            try {
                call.accept(recorder);
            } catch (Throwable fault) {
                blame(recorder, fault);
            }
        }
    }

    private void blame(Recorder culprit, Throwable fault) {
        String name = culprit.getClass().getName();
        MessagingEvent event =
                new MessagingEvent(MessagingEvent.Kind.FAULT, name, ErrorCode.INTERNAL, Map.of("fault", fault));
        for (Recorder recorder : recorders) {
            try {
                recorder.event(event);
            } catch (Throwable again) {
                // Nobody is left to tell. To note it in the fault would let one that is thrown for ever grow for ever.
            }
        }
    }

    // ---- hot: no lambda that captures, nothing allocated

    @Override
    public final void opened(LeaseView lease) {
        for (Recorder recorder : recorders) {
            try {
                recorder.opened(lease);
            } catch (Throwable fault) {
                blame(recorder, fault);
            }
        }
    }

    @Override
    public final void settled(LeaseView lease, SettleVerb verb, SettleAnswer answer) {
        for (Recorder recorder : recorders) {
            try {
                recorder.settled(lease, verb, answer);
            } catch (Throwable fault) {
                blame(recorder, fault);
            }
        }
    }

    @Override
    public final void started(String group) {
        for (Recorder recorder : recorders) {
            try {
                recorder.started(group);
            } catch (Throwable fault) {
                blame(recorder, fault);
            }
        }
    }

    @Override
    public final void ended(String group, RunEnd how, @Nullable ErrorCode code, long nanos) {
        for (Recorder recorder : recorders) {
            try {
                recorder.ended(group, how, code, nanos);
            } catch (Throwable fault) {
                blame(recorder, fault);
            }
        }
    }

    @Override
    public final void published(String topic, @Nullable ErrorCode code, long nanos) {
        for (Recorder recorder : recorders) {
            try {
                recorder.published(topic, code, nanos);
            } catch (Throwable fault) {
                blame(recorder, fault);
            }
        }
    }

    // ---- rare

    @Override
    public void event(MessagingEvent event) {
        each(recorder -> recorder.event(event));
    }

    @Override
    public final void touched(LeaseView lease) {
        each(recorder -> recorder.touched(lease));
    }

    @Override
    public void touchAnswered(LeaseView lease, boolean inTime) {
        each(recorder -> recorder.touchAnswered(lease, inTime));
    }

    @Override
    public void lost(LeaseView lease, LeaseLoss loss) {
        each(recorder -> recorder.lost(lease, loss));
    }

    @Override
    public void deadOnArrival(LeaseView lease) {
        each(recorder -> recorder.deadOnArrival(lease));
    }

    @Override
    public void stale(LeaseView lease, SettleVerb verb) {
        each(recorder -> recorder.stale(lease, verb));
    }

    @Override
    public void lateAnswer(LeaseView lease) {
        each(recorder -> recorder.lateAnswer(lease));
    }

    @Override
    public final void cancelDelayed(long nanos) {
        each(recorder -> recorder.cancelDelayed(nanos));
    }

    @Override
    public void cancelStarved(int waiting) {
        each(recorder -> recorder.cancelStarved(waiting));
    }

    @Override
    public void aborted(LeaseView lease) {
        each(recorder -> recorder.aborted(lease));
    }

    @Override
    public void clockMissed(long nanos) {
        each(recorder -> recorder.clockMissed(nanos));
    }

    @Override
    public void fault(Throwable fault) {
        each(recorder -> recorder.fault(fault));
    }

    @Override
    public final void cancelled(String group, long nanos) {
        each(recorder -> recorder.cancelled(group, nanos));
    }

    @Override
    public final void watching(GroupReadings group) {
        each(recorder -> recorder.watching(group));
    }

    @Override
    public final void watching(PublishReadings publishing) {
        each(recorder -> recorder.watching(publishing));
    }

    @Override
    public final void watching(BrokerReadings broker) {
        each(recorder -> recorder.watching(broker));
    }

    @Override
    public final void forgetting(String group) {
        each(recorder -> recorder.forgetting(group));
    }

    @Override
    public final void closed() {
        each(Recorder::closed);
    }

    @Override
    public Recorder forClient(String client) {
        return new FanOut(List.of(recorders), client);
    }

    @Override
    public final void publishRepeated(String topic) {
        each(recorder -> recorder.publishRepeated(topic));
    }

    @Override
    public final void publishTakenBack(String topic) {
        each(recorder -> recorder.publishTakenBack(topic));
    }
}
