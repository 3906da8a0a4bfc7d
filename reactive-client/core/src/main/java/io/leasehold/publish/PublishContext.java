package io.leasehold.publish;

import io.leasehold.api.Internal;
import io.leasehold.broker.PublishPort;
import io.leasehold.event.Apart;
import io.leasehold.event.CallerContext;
import io.leasehold.event.Recorder;
import io.leasehold.lease.Ticker;
import io.leasehold.message.Codecs;
import io.leasehold.pace.TaskLoops;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * Holds what a client gives its publishing.
 *
 * @param port where messages go
 * @param recognisesRepeats whether the broker recognises what is written to it again
 * @param settings bounds and limits
 * @param codecs for bodies given as values
 * @param ticker the client's clock
 * @param time where timers run; not for user code
 * @param user where answers are signalled
 * @param recorder where events go
 * @param stages what every message passes, in this order
 * @param callers what stages and the recorder are to find in their thread
 */
@Internal
public record PublishContext(
        PublishPort port,
        boolean recognisesRepeats,
        PublishSettings settings,
        Codecs codecs,
        Ticker ticker,
        Scheduler time,
        TaskLoops user,
        Recorder recorder,
        List<PublishStage> stages,
        CallerContext callers) {
    /** Copies the list. */
    public PublishContext {
        stages = List.copyOf(stages);
    }

    /** Returns what has the calling thread hold nothing of its own meanwhile; null where it may keep what it holds. */
    @Nullable
    Apart apart() {
        return Apart.from(callers, recorder);
    }

    /**
     * Makes a context for a broker that recognises repeats, with stages and a recorder that do not look at their
     * thread.
     */
    public PublishContext(
            PublishPort port,
            PublishSettings settings,
            Codecs codecs,
            Ticker ticker,
            Scheduler time,
            TaskLoops user,
            Recorder recorder,
            List<PublishStage> stages) {
        this(port, true, settings, codecs, ticker, time, user, recorder, stages, CallerContext.NONE);
    }
}
