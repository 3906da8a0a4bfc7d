package io.leasehold.consume;

import io.leasehold.pace.Interleavings;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** A run ends once, and not before everything that belongs to it; whatever is emitted is heard in order. */
@Tag("once")
@Timeout(300)
class RunInterleavingsTest {

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }

    /** Work whose signals, children and cancel come from different threads. */
    public static class OneExecution implements Execution.Work, Publisher<Object>, Subscription {
        private final Execution execution = new Execution(this);
        private final AtomicInteger begun = new AtomicInteger();
        private final AtomicInteger ends = new AtomicInteger();
        private final AtomicInteger children = new AtomicInteger();
        private final AtomicInteger inUserCode = new AtomicInteger();
        private volatile Subscriber<? super Object> subscriber;
        private volatile boolean over;
        private volatile boolean tooEarly;

        @Operation(runOnce = true)
        public void run() {
            begun.incrementAndGet();
            execution.run();
        }

        @Operation
        public void lose() {
            execution.cancel(Execution.Stop.LOST);
        }

        @Operation
        public void release() {
            execution.cancel(Execution.Stop.RELEASE);
        }

        @Operation(nonParallelGroup = "signals")
        public void complete() {
            Subscriber<? super Object> present = subscriber;
            if (present != null && !over) {
                over = true;
                present.onComplete();
            }
        }

        @Operation(nonParallelGroup = "signals")
        public void fail() {
            Subscriber<? super Object> present = subscriber;
            if (present != null && !over) {
                over = true;
                present.onError(new IllegalStateException("no"));
            }
        }

        @Operation
        public void child() {
            if (execution.enter()) {
                children.incrementAndGet();
                children.decrementAndGet();
                execution.exit();
            }
        }

        @Override
        public Publisher<?> open(Execution present) {
            return this;
        }

        @Override
        public void subscribe(Subscriber<? super Object> given) {
            inUserCode.incrementAndGet();
            subscriber = given;
            given.onSubscribe(this);
            inUserCode.decrementAndGet();
        }

        @Override
        public void request(long n) {}

        @Override
        public void cancel() {
            inUserCode.incrementAndGet();
            inUserCode.decrementAndGet();
        }

        @Override
        public void emitted(Object element) {}

        @Override
        public Context workContext() {
            return Context.empty();
        }

        @Override
        public Mono<Void> releaseBound() {
            return null;
        }

        @Override
        public void runCancel(Runnable cancel) {
            cancel.run();
        }

        @Override
        public void ended(Execution present) {
            tooEarly |= inUserCode.get() != 0 || children.get() != 0;
            ends.incrementAndGet();
        }

        @Override
        public void undecided(Throwable thrown) {
            tooEarly = true;
        }

        @Validate
        public void validate() {
            require(!tooEarly, "ended while something of it went on");
            require(ends.get() <= 1, "ended " + ends + " times");
            boolean finished = begun.get() > 0 && (over || execution.stop() != Execution.Stop.NONE);
            require(ends.get() == 1 || !finished, "never ended");
            require(ends.get() == 0 || execution.hasEnded(), "ended and does not know it");
        }
    }

    /** The end of a pipeline, to which several threads emit. */
    public static class Signalled implements DemandSink.Listener<Integer>, CoreSubscriber<Integer> {
        private final DemandSink<Integer> sink = new DemandSink<>(this, null, this);
        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicInteger emitted = new AtomicInteger();
        private final AtomicInteger heard = new AtomicInteger();
        private final AtomicInteger ends = new AtomicInteger();
        private final AtomicInteger cancels = new AtomicInteger();
        private volatile boolean ended;
        private volatile String wrong;

        @Operation
        public void emit() {
            emitted.incrementAndGet();
            sink.emit(1);
        }

        @Operation(runOnce = true)
        public void end() {
            ended = true;
            sink.end(null);
        }

        @Operation
        public void cancel() {
            sink.cancel();
        }

        @Operation
        public void request() {
            sink.request(1);
        }

        @Override
        public void onNext(Integer element) {
            enter();
            heard.incrementAndGet();
            inside.decrementAndGet();
        }

        @Override
        public void onComplete() {
            enter();
            ends.incrementAndGet();
            inside.decrementAndGet();
        }

        private void enter() {
            if (inside.incrementAndGet() != 1) {
                wrong = "two signals at once";
            }
            if (ends.get() != 0) {
                wrong = "a signal after the end";
            }
        }

        @Override
        public void onError(Throwable error) {
            wrong = error.toString();
        }

        @Override
        public void onSubscribe(Subscription given) {}

        @Override
        public void threw(Integer element, Throwable thrown) {
            wrong = thrown.toString();
        }

        @Override
        public void demanded() {}

        @Override
        public void cancelled() {
            cancels.incrementAndGet();
        }

        @Override
        public boolean mayEmit(Integer element) {
            return true;
        }

        @Override
        public void dropped(Integer element) {}

        @Validate
        public void validate() {
            require(wrong == null, wrong);
            require(ends.get() <= 1 && cancels.get() <= 1, "ended " + ends + ", cancelled " + cancels);
            boolean open = ends.get() == 0 && cancels.get() == 0;
            require(!open || heard.get() == emitted.get(), "heard " + heard + " of " + emitted);
            require(!open || !ended, "the end was not heard");
        }
    }

    @Test
    void aRunEndsOnceAndNotTooEarly() {
        Interleavings.check(OneExecution.class, 3, 2);
    }

    @Test
    void aPipelineHearsOneSignalAtATimeAndNothingAfterItsEnd() {
        Interleavings.check(Signalled.class, 3, 2);
    }
}
