package io.leasehold.publish;

import io.leasehold.Scenario;
import io.leasehold.broker.PublishItem;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.Recorder;
import io.leasehold.lease.StoppedTimers;
import io.leasehold.lease.Ticker;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.pace.RetryPolicy;
import io.leasehold.pace.TaskLoops;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.scheduler.Schedulers;

/** Answer, timeout, close and cancel race for one publish through the whole window. */
@Tag("once")
@Timeout(300)
public class PublishLincheckTest {
    /** Counts what it hears. */
    private static final class Ear implements CoreSubscriber<PublishReceipt> {
        final AtomicInteger values = new AtomicInteger();
        final AtomicInteger ends = new AtomicInteger();
        volatile Subscription subscription;

        @Override
        public void onSubscribe(Subscription given) {
            subscription = given;
        }

        @Override
        public void onNext(PublishReceipt receipt) {
            values.incrementAndGet();
        }

        @Override
        public void onError(Throwable error) {
            ends.incrementAndGet();
        }

        @Override
        public void onComplete() {
            ends.incrementAndGet();
        }
    }

    /** One publish through a real window. */
    public static class OnePublish {
        private final Ear ear = new Ear();
        private final AtomicInteger cancelled = new AtomicInteger();
        private final Publishing publishing;
        private PublishItem item;

        /** Has the message with the broker, unwritten. */
        public OnePublish() {
            StoppedTimers time = new StoppedTimers();
            publishing = Publishing.open(new PublishContext(
                    given -> item = given,
                    PublishSettings.builder().retry(RetryPolicy.none()).build(),
                    Codecs.builtIn(),
                    new Ticker(time),
                    time,
                    new TaskLoops(Schedulers.immediate(), 1, Recorder.NONE::fault),
                    Recorder.NONE,
                    List.of()));
            publishing.publisher().publish(Message.to("a").id("a")).subscribe((CoreSubscriber<PublishReceipt>) ear);
            ear.subscription.request(1);
        }

        /** The broker asks the gate. */
        @Operation
        public void write() {
            item.tryWrite();
        }

        /** The broker confirms. */
        @Operation
        public void confirm() {
            item.confirmed(1, false);
        }

        /** The broker refuses. */
        @Operation
        public void fail() {
            item.failed(ScriptedPort.error(ErrorCode.REFUSED));
        }

        /** The limit passes. */
        @Operation
        public void end() {
            publishing.close(Duration.ZERO).subscribe();
        }

        /** The subscriber leaves. */
        @Operation
        public void cancel() {
            cancelled.incrementAndGet();
            ear.subscription.cancel();
        }

        /** However it went: one signal or none, and none is left open. */
        @Validate
        public void oneSignal() {
            publishing.close(Duration.ZERO).subscribe();
            boolean heard = ear.ends.get() == 1 && ear.values.get() <= 1;
            boolean silenced = ear.ends.get() == 0 && ear.values.get() == 0 && cancelled.get() > 0;
            if (!heard && !silenced) {
                throw new AssertionError("values " + ear.values + ", ends " + ear.ends + ", cancelled " + cancelled);
            }
            if (publishing.inFlight() != 0) {
                throw new AssertionError("a place is still taken");
            }
        }
    }

    @Test
    @Scenario(4)
    void oneSignalWhateverRaces() {
        new ModelCheckingOptions()
                .iterations(8)
                .invocationsPerIteration(50)
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .check(OnePublish.class);
    }
}
