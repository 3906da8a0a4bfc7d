package io.leasehold.benchmarks.stress;

import io.leasehold.broker.PublishItem;
import io.leasehold.event.Recorder;
import io.leasehold.lease.Ticker;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import io.leasehold.pace.RetryPolicy;
import io.leasehold.pace.TaskLoops;
import io.leasehold.publish.PublishContext;
import io.leasehold.publish.PublishSettings;
import io.leasehold.publish.Publishing;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import reactor.core.scheduler.Schedulers;

/** Two publish through a window of one while the broker answers: one is on its way at a time, and both get there. */
@JCStressTest
@Outcome(id = "1, 2, 0", expect = Expect.ACCEPTABLE, desc = "one after the other")
@Outcome(expect = Expect.FORBIDDEN, desc = "the window was overdrawn, or one was forgotten")
@State
public class WindowStress {
    private final Queue<PublishItem> out = new ConcurrentLinkedQueue<>();
    private final AtomicInteger onTheirWay = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final Publishing publishing = Publishing.open(new PublishContext(
            this::write,
            PublishSettings.builder().window(1).retry(RetryPolicy.none()).build(),
            Codecs.builtIn(),
            new Ticker(NoTimers.INSTANCE),
            NoTimers.INSTANCE,
            new TaskLoops(Schedulers.immediate(), 1, Recorder.NONE::fault),
            Recorder.NONE,
            List.of()));

    private void write(PublishItem item) {
        if (item.tryWrite()) {
            most.accumulateAndGet(onTheirWay.incrementAndGet(), Math::max);
            out.add(item);
        }
    }

    private void publish() {
        publishing
                .publisher()
                .publish(Message.to("a").body("b"))
                .subscribe(receipt -> ended.incrementAndGet(), error -> {});
    }

    /** One thread. */
    @Actor
    public void one() {
        publish();
    }

    /** The other: then the broker answers what it has. */
    @Actor
    public void two() {
        publish();
        answer();
    }

    private void answer() {
        PublishItem item = out.poll();
        if (item != null) {
            onTheirWay.decrementAndGet();
            item.confirmed(1, false);
        }
    }

    /** Afterwards, when the rest is answered. */
    @Arbiter
    public void all(III_Result seen) {
        for (int i = 0; i < 2; i++) {
            answer();
        }
        seen.r1 = most.get();
        seen.r2 = ended.get();
        seen.r3 = publishing.inFlight() + publishing.waiting();
    }
}
