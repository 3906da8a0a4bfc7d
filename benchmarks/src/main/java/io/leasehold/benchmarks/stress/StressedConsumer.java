package io.leasehold.benchmarks.stress;

import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.Capabilities;
import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.Handout;
import io.leasehold.broker.PublishPort;
import io.leasehold.broker.RetentionSpec;
import io.leasehold.consume.ConsumeContext;
import io.leasehold.consume.Consumers;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.event.Recorder;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseReporter;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.Settlement;
import io.leasehold.lease.Ticker;
import io.leasehold.lease.TouchItem;
import io.leasehold.lease.keeper.CancelExecutor;
import io.leasehold.lease.keeper.LeaseKeeper;
import io.leasehold.message.BodyType;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import io.leasehold.pace.TaskLoops;
import io.leasehold.publish.PublishContext;
import io.leasehold.publish.PublishSettings;
import io.leasehold.publish.Publishing;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A consumer without threads of its own, of whose runs one at a time may be inside; its broker says yes to all. */
final class StressedConsumer implements BrokerSession, DeliveryPort, Settlement {
    private static final int FEW = 4;
    private static final LeaseTime TIME = LeaseTime.renewable(Duration.ofSeconds(30));
    private static final Capabilities CAPABILITIES = Capabilities.fenced();

    private final Queue<Sinks.Empty<Void>> runs = new ConcurrentLinkedQueue<>();
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private @Nullable DeliverySink sink;

    private StressedConsumer(boolean keyed) {
        NoTimers time = NoTimers.INSTANCE;
        Scheduler here = Schedulers.immediate();
        Ticker ticker = new Ticker(time);
        CancelExecutor cancels = new CancelExecutor(here, time, ticker, LeaseReporter.NONE);
        TaskLoops loops = new TaskLoops(here, FEW, Recorder.NONE::fault);
        Consumers consumers = new Consumers(new ConsumeContext(
                this,
                new LeaseKeeper(ticker, time, cancels, here, LeaseReporter.NONE),
                Publishing.open(new PublishContext(
                                item -> {},
                                PublishSettings.defaults(),
                                Codecs.builtIn(),
                                ticker,
                                time,
                                loops,
                                Recorder.NONE,
                                List.of()))
                        .publisher(),
                Codecs.builtIn(),
                loops,
                time,
                Recorder.NONE,
                List.of()));
        MessageConsumer<String> plain =
                consumers.consumer("a.>", "group", BodyType.of(String.class)).maxWaiting(FEW);
        MessageConsumer<String> one = keyed ? plain.concurrency(FEW).keyed() : plain.concurrency(1);
        one.handle(delivery -> run()).subscribe(outcome -> ended.incrementAndGet());
    }

    /** With one slot. */
    static StressedConsumer ofOneSlot() {
        return new StressedConsumer(false);
    }

    /** With slots enough, of messages of one key. */
    static StressedConsumer ofOneKey() {
        return new StressedConsumer(true);
    }

    // Counted out before its end is told, for the next one may begin with that.
    private Mono<Void> run() {
        Sinks.Empty<Void> end = Sinks.empty();
        return end.asMono()
                .doOnSubscribe(begun -> {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    runs.add(end);
                })
                .doOnTerminate(inside::decrementAndGet);
    }

    /** A message comes. */
    void arrive(int number) {
        DeliverySink present = sink;
        if (present != null) {
            present.delivered(new Given(this, number));
        }
    }

    /** The work on the oldest ends. */
    void end() {
        Sinks.Empty<Void> oldest = runs.poll();
        if (oldest != null) {
            oldest.tryEmitEmpty();
        }
    }

    /** The most that were inside at once. */
    int most() {
        return most.get();
    }

    /** How many outcomes there were. */
    int ended() {
        return ended.get();
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
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

    private record Given(StressedConsumer broker, Object ref) implements Handout {
        private static final Message MESSAGE = Message.to("a.b").key("k").body("body");

        @Override
        public Message message() {
            return MESSAGE;
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
            return TIME;
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
}
