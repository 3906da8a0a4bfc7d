package io.leasehold.consume;

import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.Handout;
import io.leasehold.broker.RetentionSpec;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.KeptLease;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseOwner;
import io.leasehold.message.Codec;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.message.Topic;
import io.leasehold.message.TopicFilter;
import io.leasehold.pace.TaskLoops;
import io.leasehold.signal.MessagingEvent;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;

/**
 * One subscription of a consumer: its port, its credit, its mode and its life.
 *
 * <pre>
 *   ACTIVE --- pause, resume --- PAUSED
 *      `--------- `--> DRAINING (runs end, outcomes are emitted) --> ENDED
 * </pre>
 */
final class Consumption<T> implements DeliverySink {
    private final Dispatcher<T> dispatcher;
    private final ConsumerSpec<T> spec;
    private final Codec<T> codec;
    private final LeaseTermsSource terms;
    private final FailureBrake brake = new FailureBrake();
    private final Sinks.Empty<Void> ended = Sinks.empty();
    private final Credit credit = new Credit();
    private volatile ConsumeSettings settings;
    private @Nullable DeadLetters deadLetters;
    private @Nullable Mode<T> mode;
    private volatile Phase phase = Phase.ACTIVE;
    private @Nullable Throwable failure;

    Consumption(Dispatcher<T> dispatcher, ConsumerSpec<T> spec) {
        this.dispatcher = dispatcher;
        this.spec = spec;
        this.settings = spec.settings();
        this.codec = dispatcher.context().codecs().require(spec.type());
        this.terms = new LeaseTermsSource(dispatcher.context().session());
        this.terms.requireRoom(settings.hold().leaseTime());
        this.deadLetters = deadLettersOf(settings.failures());
    }

    private void refuseLoop(@Nullable String topic) {
        if (topic != null && spec.filter().matches(Topic.require(topic))) {
            throw new MessagingException(
                    ErrorCode.TOPIC_LOOP,
                    "the dead-letter topic " + topic + " matches the consumer's own filter " + spec.filter(),
                    name(),
                    "choose a dead-letter topic outside the filter");
        }
    }

    private enum Phase {
        ACTIVE,
        PAUSED,
        DRAINING,
        ENDED
    }

    private @Nullable DeadLetters deadLettersOf(FailureSettings failures) {
        ConsumeContext context = dispatcher.context();
        String topic = failures.deadLetterTo();
        refuseLoop(topic);
        return topic == null
                ? null
                : new DeadLetters(topic, spec.group(), context.publisher(), context.recorder(), failures.redelivery());
    }

    /** Starts to consume; the mode has been subscribed to. */
    void open(Mode<T> newMode) {
        mode = newMode;
        dispatcher.execute(() -> {
            if (phase == Phase.ENDED) {
                return;
            }
            if (!dispatcher.activate(this)) {
                phase = Phase.ENDED;
                newMode.end(alreadyConsuming(name()));
                ended.tryEmitEmpty();
                return;
            }
            declareDeadLetters();
        });
    }

    private void declareDeadLetters() {
        String topic = settings.failures().deadLetterTo();
        if (topic == null) {
            connect();
            return;
        }
        dispatcher
                .context()
                .session()
                .declare(RetentionSpec.ofDeadLetters(TopicFilter.of(topic)))
                .subscribe(
                        ignored -> {},
                        refused -> dispatcher.execute(() -> finish(refused)),
                        () -> dispatcher.execute(this::connect));
    }

    private void connect() {
        if (phase == Phase.ENDED) {
            return;
        }
        GroupSpec group =
                new GroupSpec(spec.group(), spec.filter(), settings.hold().leaseTime(), spec.start());
        try {
            credit.port = dispatcher.context().session().deliveries(group, this);
        } catch (RuntimeException refused) {
            finish(refused);
        }
    }

    static MessagingException alreadyConsuming(String name) {
        return new MessagingException(
                ErrorCode.ALREADY_CONSUMING,
                "the consumer has an active subscription",
                name,
                "subscribe once; to do more at once raise concurrency");
    }

    // ---- what it shares with its deliveries

    Dispatcher<T> dispatcher() {
        return dispatcher;
    }

    String name() {
        return dispatcher.name();
    }

    String group() {
        return spec.group();
    }

    ConsumeSettings settings() {
        return settings;
    }

    List<ConsumeStage> stages() {
        return dispatcher.context().stages();
    }

    @Nullable
    DeadLetters deadLetters() {
        return deadLetters;
    }

    @Nullable
    TaskLoops signals() {
        return dispatcher.context().users();
    }

    Scheduler time() {
        return dispatcher.context().time();
    }

    Context context() {
        return mode().context();
    }

    private Mode<T> mode() {
        return Objects.requireNonNull(mode, "not opened");
    }

    long now() {
        return dispatcher.context().keeper().ticker().nanos();
    }

    /** A number in [0, 1) that a replay with the same clock repeats. */
    double random() {
        long mixed = (now() ^ (now() >>> 33)) * 0xff51afd7ed558ccdL;
        return ((mixed ^ (mixed >>> 29)) >>> 11) * 0x1.0p-53;
    }

    KeptLease open(Handout handout, LeaseOwner owner) {
        return dispatcher
                .context()
                .keeper()
                .open(handout, terms.of(handout.leaseTime()), settings.hold().policy(), owner);
    }

    void execute(Runnable task) {
        dispatcher.context().users().execute(task);
    }

    void onUserThread(Runnable task) {
        dispatcher.context().users().execute(task);
    }

    void runCancel(Runnable cancel) {
        dispatcher.context().keeper().cancels().execute(cancel);
    }

    T decode(Message message) {
        try {
            return codec.decode(message);
        } catch (Throwable thrown) {
            throw new MessagingException(
                    ErrorCode.DECODE_FAILED,
                    "a body could not be decoded: " + thrown,
                    name() + ", " + message,
                    "look at the dead letter, or fix the codec of "
                            + spec.type().getName(),
                    thrown);
        }
    }

    @Nullable
    String keyOf(Message message) {
        return spec.key() == null ? null : spec.key().apply(message);
    }

    boolean isRetryable(Throwable error) {
        return spec.retryable().test(error);
    }

    /** Whether a try that failed may be followed by another one. */
    boolean mayRetry() {
        return phase != Phase.ENDED;
    }

    /** Whether a delivery that has a slot may still be started; errors when it never finishes. */
    boolean mayRun(HeldDelivery<T> delivery) {
        if (phase == Phase.DRAINING || phase == Phase.ENDED) {
            return false;
        }
        if (delivery.deliveryCount() - delivery.releases()
                >= settings.failures().ceiling()) {
            throw new MessagingException(
                    ErrorCode.NEVER_FINISHED,
                    "delivered " + delivery.deliveryCount() + " times and never finished",
                    name() + ", " + delivery.message(),
                    "find out why its handler never ends or kills its process");
        }
        return true;
    }

    long laneWaitNanos() {
        Duration wait = settings.flow().maxLaneWait();
        return wait == null ? Math.min(settings.hold().policy().maxHoldNanos(), Long.MAX_VALUE / 4) : wait.toNanos();
    }

    Mono<Outcome> settleBy(HeldDelivery<T> delivery, Publisher<?> work) {
        return Mono.create(told -> {
            Run<T> run = new Run<>(delivery, () -> work);
            run.tell(told);
            if (!delivery.attach(run)) {
                told.error(new MessagingException(
                        ErrorCode.ALREADY_SETTLED,
                        "work is attached to the delivery already",
                        name(),
                        "call settleBy once per delivery, and subscribe it once"));
                return;
            }
            told.onCancel(() -> run.cancel(Execution.Stop.RELEASE));
            run.nextTry().run();
        });
    }

    Mono<PublishReceipt> publish(HeldDelivery<T> delivery, Message derived, @Nullable String derivedName) {
        return Mono.defer(() -> {
            Run<T> run = delivery.runOrNull();
            if (run == null) {
                return Mono.error(noRun());
            }
            Message identified = derived.id(run.derivedId(derived, derivedName));
            return delivery.lease()
                    .track(dispatcher
                            .context()
                            .publisher()
                            .gated(delivery.kept()::mayWork)
                            .publish(identified))
                    .next();
        });
    }

    private MessagingException noRun() {
        return new MessagingException(
                ErrorCode.LEASE_LOST,
                "a delivery publishes as a part of its run, and no work is attached to it",
                name(),
                "publish within a handler or settleBy, or through the client");
    }

    // ---- what the port tells

    @Override
    public void delivered(Handout handout) {
        dispatcher.add(new HeldDelivery<>(this, handout));
    }

    @Override
    public void ended(Object ref, @Nullable FencingToken newer, LeaseLoss loss) {
        dispatcher.execute(() -> dispatcher.end(ref, newer, loss));
    }

    @Override
    public void troubled(MessagingException trouble) {
        report(MessagingEvent.Kind.TROUBLE, trouble.code());
    }

    @Override
    public void gone(MessagingException error) {
        report(MessagingEvent.Kind.GONE, error.code());
        dispatcher.execute(() -> {
            failure = error;
            drainNow();
        });
    }

    // ---- what downstream asks

    void demanded() {
        dispatcher.execute(Dispatcher.LOOK);
    }

    void cancelled() {
        dispatcher.execute(() -> {
            cancelRuns();
            finish(null);
        });
    }

    void pipelineEnded(@Nullable Throwable error) {
        dispatcher.execute(() -> {
            failure = failure == null ? error : failure;
            dispatcher.releaseUnattached(this);
            drainNow();
        });
    }

    // ---- in the dispatcher

    boolean isTaking() {
        return phase == Phase.ACTIVE;
    }

    /** A delivery has arrived. */
    void counted() {
        credit.received++;
    }

    boolean mayStart(int running) {
        return phase == Phase.ACTIVE
                && running < brake.limit(settings.flow().concurrency(), now())
                && mode().demand() > 0;
    }

    void start(HeldDelivery<T> delivery) {
        credit.started++;
        mode().start(delivery);
    }

    void closed(HeldDelivery<T> delivery, Outcome outcome) {
        credit.started--;
        note(delivery, outcome);
        mode().closed(delivery, outcome);
    }

    private void note(HeldDelivery<T> delivery, Outcome outcome) {
        switch (outcome.kind()) {
            case ACKED -> {
                if (brake.succeeded()) {
                    report(MessagingEvent.Kind.RECOVERED, null);
                }
            }
            case NAKED -> failed();
            case TERMINATED -> report(MessagingEvent.Kind.TERMINATED, outcome.code());
            case DEAD_LETTERED, RELEASED, LOST, UNKNOWN -> {}
        }
        boolean keepsOrder = outcome.kind() == Outcome.Kind.ACKED || outcome.kind() == Outcome.Kind.TERMINATED;
        if (delivery.laneKey() != null && !keepsOrder) {
            report(MessagingEvent.Kind.KEY_ORDER_BROKEN, ErrorCode.KEY_ORDER_BROKEN);
        }
    }

    private void failed() {
        if (brake.failed(settings.flow().concurrency(), now(), random())) {
            report(MessagingEvent.Kind.BACKED_OFF, null);
        }
        long pause = brake.pauseNanos(now());
        if (pause > 0) {
            time().schedule(this::demanded, pause, TimeUnit.NANOSECONDS);
        }
    }

    void grant(int running, int waiting, int ready) {
        DeliveryPort port = credit.port;
        if (port == null) {
            return;
        }
        long wanted = 0;
        if (phase == Phase.ACTIVE) {
            FlowSettings flow = settings.flow();
            long slots = (long) brake.limit(flow.concurrency(), now()) - running - ready + flow.prefetch();
            wanted = Math.min(Math.min(slots, (long) flow.waitingMax() - waiting), mode().demand() - ready);
        }
        credit.want(port, Math.max(0, wanted), settings.flow().concurrency() / 4);
    }

    void endIfOver() {
        if (phase == Phase.DRAINING && credit.started == 0) {
            finish(failure);
        }
    }

    /** Takes no more, gives back what waits, lets runs finish; at the limit cancels the rest. */
    Mono<Void> drain(Duration limit) {
        dispatcher.execute(() -> {
            drainNow();
            time().schedule(() -> dispatcher.execute(this::cancelRuns), limit.toNanos(), TimeUnit.NANOSECONDS);
            long grace = limit.toNanos() + terms.budgetNanos(settings.hold().leaseTime());
            time().schedule(() -> dispatcher.execute(() -> finish(failure)), grace, TimeUnit.NANOSECONDS);
        });
        return ended.asMono();
    }

    private void drainNow() {
        if (phase == Phase.ENDED) {
            return;
        }
        phase = Phase.DRAINING;
        dispatcher.releaseWaiting(this);
        if (mode instanceof ThroughMode<T> through) {
            through.endDeliveries();
        }
    }

    void pause() {
        dispatcher.execute(() -> {
            if (phase == Phase.ACTIVE) {
                phase = Phase.PAUSED;
                dispatcher.releaseWaiting(this);
            }
        });
    }

    void resume() {
        dispatcher.execute(() -> {
            if (phase == Phase.PAUSED) {
                phase = Phase.ACTIVE;
            }
        });
    }

    /** Applies other settings; equal ones change nothing. */
    void apply(ConsumeSettings next) {
        dispatcher.execute(() -> {
            if (next.equals(settings)) {
                report(MessagingEvent.Kind.SETTINGS_UNCHANGED, null);
                return;
            }
            deadLetters = deadLettersOf(next.failures());
            settings = next;
            dispatcher.releaseAbove(next.flow().waitingMax());
            report(MessagingEvent.Kind.SETTINGS_CHANGED, null);
        });
    }

    private void cancelRuns() {
        if (phase != Phase.ENDED) {
            dispatcher.releaseUnattached(this);
            dispatcher.cancelRuns(this);
        }
    }

    private void finish(@Nullable Throwable error) {
        if (phase == Phase.ENDED) {
            return;
        }
        phase = Phase.ENDED;
        dispatcher.deactivate(this);
        DeliveryPort port = credit.port;
        if (port != null) {
            port.stop();
        }
        mode().end(error);
        ended.tryEmitEmpty();
    }

    private void report(MessagingEvent.Kind kind, @Nullable ErrorCode code) {
        dispatcher.context().recorder().event(MessagingEvent.of(kind, name(), code));
    }
}
