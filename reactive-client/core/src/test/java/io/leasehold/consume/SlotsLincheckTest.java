package io.leasehold.consume;

import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.Capabilities;
import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.Handout;
import io.leasehold.broker.PublishPort;
import io.leasehold.broker.RetentionSpec;
import io.leasehold.event.Recorder;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseReporter;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.Settlement;
import io.leasehold.lease.StoppedTimers;
import io.leasehold.lease.Ticker;
import io.leasehold.lease.TouchItem;
import io.leasehold.lease.keeper.CancelExecutor;
import io.leasehold.lease.keeper.LeaseKeeper;
import io.leasehold.message.BodyType;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import io.leasehold.pace.Interleavings;
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
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Messages come, end and are lost on many threads at once: slots and lanes are never overdrawn, none is forgotten. */
@Tag("once")
@Timeout(300)
class SlotsLincheckTest {

    /** A consumer of one broker, both without threads of their own; of its runs one at a time may be inside. */
    public abstract static class Consuming implements BrokerSession, DeliveryPort, Settlement {
        private static final int FEW = 8;

        private final Consumers consumers;
        private final MessageConsumer<String> consumer;
        private final Queue<Sinks.Empty<Void>> runs = new ConcurrentLinkedQueue<>();
        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicInteger arrived = new AtomicInteger();
        private final AtomicInteger ended = new AtomicInteger();
        private volatile DeliverySink sink;
        private volatile boolean overdrawn;

        Consuming(boolean keyed) {
            StoppedTimers time = new StoppedTimers();
            Ticker ticker = new Ticker(time);
            Scheduler here = Schedulers.immediate();
            CancelExecutor cancels = new CancelExecutor(here, time, ticker, LeaseReporter.NONE);
            consumers = new Consumers(new ConsumeContext(
                    this,
                    new LeaseKeeper(ticker, time, cancels, here, LeaseReporter.NONE),
                    null,
                    Codecs.builtIn(),
                    new TaskLoops(here, FEW, Recorder.NONE::fault),
                    time,
                    Recorder.NONE,
                    List.of()));
            MessageConsumer<String> plain = consumers
                    .consumer("a.>", "group", BodyType.of(String.class))
                    .maxWaiting(FEW);
            consumer = keyed ? plain.concurrency(FEW).keyed() : plain.concurrency(1);
            consumer.handle(delivery -> run()).subscribe(outcome -> ended.incrementAndGet());
        }

        // Counted out before its end is told, for the next one may begin with that.
        private Mono<Void> run() {
            Sinks.Empty<Void> end = Sinks.empty();
            AtomicInteger within = new AtomicInteger();
            Runnable leave = () -> inside.addAndGet(-within.getAndSet(0));
            return end.asMono()
                    .doOnSubscribe(begun -> {
                        within.set(1);
                        overdrawn |= inside.incrementAndGet() > 1;
                        runs.add(end);
                    })
                    .doOnTerminate(leave)
                    .doOnCancel(leave);
        }

        /** A message comes. */
        @Operation
        public void arrive() {
            sink.delivered(new Given(this, arrived.incrementAndGet()));
        }

        /** The work on the oldest ends. */
        @Operation
        public void end() {
            Sinks.Empty<Void> oldest = runs.poll();
            if (oldest != null) {
                oldest.tryEmitEmpty();
            }
        }

        /** Somebody deletes the first message. */
        @Operation
        public void lose() {
            sink.ended(1, null, LeaseLoss.MESSAGE_DELETED);
        }

        /** Everything ends, one after the other. */
        @Validate
        public void allEnd() {
            int rounds = 0;
            while (!runs.isEmpty() && rounds++ < 100) {
                end();
            }
            Dispatcher<?> dispatcher = consumers.dispatchers().iterator().next();
            boolean none = dispatcher.running() == 0 && dispatcher.waiting() == 0 && dispatcher.lanes() == 0;
            // What was lost before it started has no outcome.
            boolean all = ended.get() == arrived.get() || ended.get() == arrived.get() - 1;
            if (overdrawn || !none || !all || inside.get() != 0) {
                throw new IllegalStateException("overdrawn " + overdrawn + ", running " + dispatcher.running()
                        + ", waiting " + dispatcher.waiting() + ", ended " + ended + " of " + arrived);
            }
        }

        // ---- the broker

        @Override
        public Capabilities capabilities() {
            return Capabilities.fenced();
        }

        @Override
        public Duration smoothedRoundTrip() {
            return Duration.ZERO;
        }

        @Override
        public PublishPort publishing() {
            throw new IllegalStateException("nothing is published");
        }

        @Override
        public DeliveryPort deliveries(GroupSpec group, DeliverySink given) {
            sink = given;
            return this;
        }

        @Override
        public Mono<Void> declare(RetentionSpec retention) {
            return Mono.empty();
        }

        @Override
        public Mono<Void> close() {
            return Mono.empty();
        }

        @Override
        public void credit(long total) {}

        @Override
        public void stop() {}

        @Override
        public void settle(List<? extends SettleItem> items) {
            for (SettleItem item : items) {
                if (item.tryWrite()) {
                    item.written();
                    item.done();
                }
            }
        }

        @Override
        public void touch(List<? extends TouchItem> items) {}

        @Override
        public void abort() {}
    }

    private record Given(Consuming broker, Object ref) implements Handout {
        @Override
        public Message message() {
            return Message.to("a.b").key("k").body("body");
        }

        @Override
        public int deliveryCount() {
            return 1;
        }

        @Override
        public int releases() {
            return 0;
        }

        @Override
        public FencingToken token() {
            return new FencingToken(1, 1);
        }

        @Override
        public Settlement settlement() {
            return broker;
        }

        @Override
        public Object receipt() {
            return ref;
        }

        @Override
        public LeaseTime leaseTime() {
            return LeaseTime.renewable(Duration.ofSeconds(30));
        }

        @Override
        public long anchorNanos() {
            return 0;
        }

        @Override
        public long touchByNanos() {
            return Long.MAX_VALUE;
        }
    }

    /** One slot. */
    public static class OneSlot extends Consuming {
        /** For the checker. */
        public OneSlot() {
            super(false);
        }
    }

    /** Slots enough, but one key. */
    public static class OneLane extends Consuming {
        /** For the checker. */
        public OneLane() {
            super(true);
        }
    }

    @Test
    void aSlotIsNeverTakenTwiceAndEveryoneGetsIt() {
        Interleavings.checkBriefly(OneSlot.class, 2, 3);
    }

    @Test
    void aLaneIsNeverEnteredTwiceAndEveryoneGetsThrough() {
        Interleavings.checkBriefly(OneLane.class, 2, 3);
    }
}
