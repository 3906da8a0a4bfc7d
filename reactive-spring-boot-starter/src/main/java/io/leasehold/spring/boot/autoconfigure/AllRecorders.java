package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.error.ErrorCode;
import io.leasehold.lease.KeptLease;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.Verb;
import io.leasehold.signal.MessagingEvent;
import io.leasehold.signal.Recorder;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells several recorders, one after the other. */
final class AllRecorders implements Recorder {
    private final Recorder[] recorders;

    private AllRecorders(List<Recorder> recorders) {
        this.recorders = recorders.toArray(new Recorder[0]);
    }

    /** The only one itself; none for none. */
    static Recorder of(List<Recorder> recorders) {
        return switch (recorders.size()) {
            case 0 -> Recorder.NONE;
            case 1 -> recorders.get(0);
            default -> new AllRecorders(recorders);
        };
    }

    private void each(Consumer<Recorder> told) {
        for (Recorder recorder : recorders) {
            told.accept(recorder);
        }
    }

    @Override
    public void event(MessagingEvent event) {
        each(recorder -> recorder.event(event));
    }

    @Override
    public void published(String topic, @Nullable ErrorCode code, long nanos) {
        each(recorder -> recorder.published(topic, code, nanos));
    }

    @Override
    public void publishRepeated(String topic) {
        each(recorder -> recorder.publishRepeated(topic));
    }

    @Override
    public void publishTakenBack(String topic) {
        each(recorder -> recorder.publishTakenBack(topic));
    }

    @Override
    public void opened(KeptLease lease) {
        each(recorder -> recorder.opened(lease));
    }

    @Override
    public void lost(KeptLease lease, LeaseLoss loss) {
        each(recorder -> recorder.lost(lease, loss));
    }

    @Override
    public void deadOnArrival(KeptLease lease) {
        each(recorder -> recorder.deadOnArrival(lease));
    }

    @Override
    public void settled(KeptLease lease, Verb verb, SettleAnswer answer) {
        each(recorder -> recorder.settled(lease, verb, answer));
    }

    @Override
    public void stale(KeptLease lease, Verb verb) {
        each(recorder -> recorder.stale(lease, verb));
    }

    @Override
    public void touched(KeptLease lease) {
        each(recorder -> recorder.touched(lease));
    }

    @Override
    public void touchAnswered(KeptLease lease, boolean inTime) {
        each(recorder -> recorder.touchAnswered(lease, inTime));
    }

    @Override
    public void lateAnswer(KeptLease lease) {
        each(recorder -> recorder.lateAnswer(lease));
    }

    @Override
    public void cancelDelayed(long nanos) {
        each(recorder -> recorder.cancelDelayed(nanos));
    }

    @Override
    public void cancelStarved(int waiting) {
        each(recorder -> recorder.cancelStarved(waiting));
    }

    @Override
    public void aborted(KeptLease lease) {
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
}
