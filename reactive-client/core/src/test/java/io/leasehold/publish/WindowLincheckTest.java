package io.leasehold.publish;

import io.leasehold.broker.PublishItem;
import io.leasehold.event.Recorder;
import io.leasehold.lease.StoppedTimers;
import io.leasehold.lease.Ticker;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import io.leasehold.pace.Interleavings;
import io.leasehold.pace.RetryPolicy;
import io.leasehold.pace.TaskLoops;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

/** Many publish at once: the window is never overdrawn, a key has one on its way, and nobody is forgotten. */
@Tag("once")
@Timeout(300)
class WindowLincheckTest {

    /** Publishes, one of which may be on its way, to a broker that answers when a thread of the test has it answer. */
    public abstract static class Publishes {
        private static final byte[] BODY = new byte[1_024];

        private final Queue<PublishItem> out = new ConcurrentLinkedQueue<>();
        private final Queue<Disposable> subscriptions = new ConcurrentLinkedQueue<>();
        private final AtomicInteger onTheirWay = new AtomicInteger();
        private final AtomicInteger begun = new AtomicInteger();
        private final AtomicInteger ended = new AtomicInteger();
        private final Publishing publishing;
        private final MessagePublisher publisher;
        private volatile boolean overdrawn;

        Publishes(PublishSettings.Builder window, boolean ordered) {
            StoppedTimers time = new StoppedTimers();
            publishing = Publishing.open(new PublishContext(
                    this::write,
                    window.retry(RetryPolicy.none()).build(),
                    Codecs.builtIn(),
                    new Ticker(time),
                    time,
                    new TaskLoops(Schedulers.immediate(), 1, Recorder.NONE::fault),
                    Recorder.NONE,
                    List.of()));
            publisher = ordered ? publishing.publisher().ordered() : publishing.publisher();
        }

        private void write(PublishItem item) {
            if (item.tryWrite()) {
                overdrawn |= onTheirWay.incrementAndGet() > 1;
                out.add(item);
            }
        }

        /** Somebody publishes. */
        @Operation
        public void publish() {
            begun.incrementAndGet();
            Message message = Message.to("a").key("k").id("m" + begun.get()).body(BODY);
            subscriptions.add(publisher
                    .publish(message)
                    .doFinally(end -> ended.incrementAndGet())
                    .subscribe(receipt -> {}, error -> {}));
        }

        /** The broker answers the oldest. */
        @Operation
        public void confirm() {
            PublishItem item = out.poll();
            if (item != null) {
                onTheirWay.decrementAndGet();
                item.confirmed(1, false);
            }
        }

        /** A subscriber leaves: what was written keeps its place until its answer. */
        @Operation
        public void cancel() {
            Disposable subscription = subscriptions.poll();
            if (subscription != null) {
                subscription.dispose();
            }
        }

        /** All are answered in the end, one after the other. */
        @Validate
        public void allEnd() {
            int rounds = 0;
            while (!out.isEmpty() && rounds++ < 100) {
                confirm();
            }
            boolean none = publishing.inFlight() == 0 && publishing.waiting() == 0;
            if (overdrawn || !none || ended.get() != begun.get()) {
                throw new IllegalStateException("overdrawn " + overdrawn + ", in flight " + publishing.inFlight()
                        + ", waiting " + publishing.waiting() + ", ended " + ended + " of " + begun);
            }
            publishing.close(Duration.ZERO).subscribe();
        }
    }

    /** A window of one. */
    public static class Narrow extends Publishes {
        /** For the checker. */
        public Narrow() {
            super(PublishSettings.builder().window(1), false);
        }
    }

    /** A window of many, of which one fills it with its bytes. */
    public static class Heavy extends Publishes {
        /** For the checker. */
        public Heavy() {
            super(PublishSettings.builder().window(64).windowBytes(1_024), false);
        }
    }

    /** A window of many, and one key in order. */
    public static class OneKey extends Publishes {
        /** For the checker. */
        public OneKey() {
            super(PublishSettings.builder().window(64), true);
        }
    }

    @Test
    void theWindowIsNeverOverdrawnAndEveryoneGetsAPlace() {
        Interleavings.checkBriefly(Narrow.class, 3, 2);
    }

    @Test
    void theWindowIsNeverOverdrawnInBytes() {
        Interleavings.checkBriefly(Heavy.class, 3, 2);
    }

    @Test
    void aKeyInOrderHasOneOnItsWayAndEveryoneGetsATurn() {
        Interleavings.checkBriefly(OneKey.class, 3, 2);
    }
}
