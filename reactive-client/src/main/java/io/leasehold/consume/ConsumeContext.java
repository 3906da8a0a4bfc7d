package io.leasehold.consume;

import io.leasehold.broker.BrokerSession;
import io.leasehold.lease.LeaseKeeper;
import io.leasehold.message.Codecs;
import io.leasehold.pace.TaskLoops;
import io.leasehold.publish.MessagePublisher;
import io.leasehold.signal.Recorder;
import java.util.List;
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
 */
public record ConsumeContext(
        BrokerSession session,
        LeaseKeeper keeper,
        MessagePublisher publisher,
        Codecs codecs,
        TaskLoops users,
        Scheduler time,
        Recorder recorder,
        List<ConsumeStage> stages) {

    /** Copies the list. */
    public ConsumeContext {
        stages = List.copyOf(stages);
    }
}
