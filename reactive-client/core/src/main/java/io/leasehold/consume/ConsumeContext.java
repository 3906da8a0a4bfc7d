package io.leasehold.consume;

import io.leasehold.api.Internal;
import io.leasehold.broker.BrokerSession;
import io.leasehold.event.Apart;
import io.leasehold.event.CallerContext;
import io.leasehold.event.Recorder;
import io.leasehold.lease.keeper.LeaseKeeper;
import io.leasehold.message.Codecs;
import io.leasehold.pace.TaskLoops;
import io.leasehold.publish.MessagePublisher;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * What all consumers of one client share.
 *
 * @param session the broker
 * @param keeper keeps the leases
 * @param publisher publishes dead letters and what handlers publish
 * @param codecs decode the bodies
 * @param users where user code is called
 * @param time where timers run; not for user code
 * @param recorder where events go
 * @param stages what each run passes, in order
 * @param callers what key functions and the recorder are not to find in their thread
 */
@Internal
public record ConsumeContext(
        BrokerSession session,
        LeaseKeeper keeper,
        MessagePublisher publisher,
        Codecs codecs,
        TaskLoops users,
        Scheduler time,
        Recorder recorder,
        List<ConsumeStage> stages,
        CallerContext callers) {

    /** Copies the list. */
    public ConsumeContext {
        stages = List.copyOf(stages);
    }

    /** Makes one with key functions and a recorder that do not look at their thread. */
    public ConsumeContext(
            BrokerSession session,
            LeaseKeeper keeper,
            MessagePublisher publisher,
            Codecs codecs,
            TaskLoops users,
            Scheduler time,
            Recorder recorder,
            List<ConsumeStage> stages) {
        this(session, keeper, publisher, codecs, users, time, recorder, stages, CallerContext.NONE);
    }

    /** Gives the present instant, in nanoseconds of the keeper's ticker. */
    long now() {
        return keeper.ticker().nanos();
    }

    /** Gives a number in [0, 1) that a replay with the same clock repeats. */
    double random() {
        long now = now();
        long mixed = (now ^ (now >>> 33)) * 0xff51afd7ed558ccdL;
        return ((mixed ^ (mixed >>> 29)) >>> 11) * 0x1.0p-53;
    }

    /** Runs something on the calling thread, which holds nothing of its own meanwhile; null for as it is. */
    @Nullable
    Apart apart() {
        return Apart.from(callers, recorder);
    }
}
