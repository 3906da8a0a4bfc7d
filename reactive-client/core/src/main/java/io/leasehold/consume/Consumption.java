package io.leasehold.consume;

import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.Handout;
import io.leasehold.error.BrokerFaults;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.ApartScheduler;
import io.leasehold.event.MessagingEvent;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.keeper.KeptLease;
import io.leasehold.message.Message;
import io.leasehold.pace.FatalErrors;
import io.leasehold.pace.Span;
import io.leasehold.pace.TaskLoops;
import java.time.Duration;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * Is one subscription of a consumer: its port, its credit, its mode and its life.
 *
 * <pre>
 *   ACTIVE --- pause, resume --- PAUSED
 *      `--------- `--> DRAINING (runs end, outcomes are emitted) --> ENDED
 * </pre>
 */
final class Consumption<T> implements DeliverySink, DeliveryReceiver<T> {
    // How long answers to the last settlements are waited for when everything is cancelled, and the subscriber then.
    private static final long ANSWER_NANOS = 1_000_000_000L;

    private final Dispatcher<T> dispatcher;
    private final ConsumerSpec<T> spec;
    private final RunContext<T> context;
    private final @Nullable TaskLoops signals;
    private final Credit credit = new Credit();
    private final DemandWatch demandWatch = new DemandWatch();
    private final Sinks.Empty<Void> begun = Sinks.empty();
    private final Sinks.Empty<Void> ended = Sinks.empty();
    private final Disposable.Swap lastSignal = Disposables.swap();
    private final Disposable.Composite limits = Disposables.composite();
    private volatile ConsumeSettings settings;
    private @Nullable Mode<T, ?> mode;
    private volatile Phase phase = Phase.ACTIVE;
    private volatile boolean cancelsRuns;
    private @Nullable Throwable failure;

    Consumption(Dispatcher<T> dispatcher, ConsumerSpec<T> spec, RedeliveryMemory memory, GivenUpLetters letters) {
        ConsumeContext client = dispatcher.context();
        DeliveryReports reports = new DeliveryReports(client.recorder(), spec.group(), spec.said());
        this.dispatcher = dispatcher;
        this.spec = spec;
        this.settings = fitted(spec.settings());
        this.signals = signalsOn(spec.signals());
        this.context = new RunContext<>(
                client,
                spec.group(),
                new LeaseOpener(client.session(), client.keeper(), settings.hold()),
                new BodyDecoder<>(client.codecs(), spec.type(), spec.group()),
                new FailureRules(client, spec, settings.failures(), memory, letters, reports),
                reports,
                new BlockingThreads(spec.group(), () -> settings.flow().concurrency()),
                StagePass.Stages.of(
                        client.stages(),
                        client.recorder(),
                        spec.group(),
                        spec.filter().toString()),
                this);

        this.limits.add(context.blocking());
        client.session().capabilities().require(asked());
    }

    // The settings that are in force for some wishes on this broker.
    private ConsumeSettings fitted(ConsumeSettings wished) {
        ConsumeContext client = client();
        return new BrokerFit(client.session().capabilities(), spec.group(), client.recorder()::event).of(wished);
    }

    private GroupSpec asked() {
        return spec.asked(settings.hold().leaseTime());
    }

    private @Nullable TaskLoops signalsOn(@Nullable Scheduler chosen) {
        ConsumeContext client = client();
        if (chosen == null) {
            return client.users();
        }
        if (chosen == Schedulers.immediate()) {
            return null;
        }

        String setting = "MessageConsumer.signalOn, group " + spec.group();
        return new TaskLoops(ApartScheduler.of(chosen, client.apart()), setting, 1, client.recorder()::fault);
    }

    private enum Phase {
        ACTIVE,
        PAUSED,
        DRAINING,
        ENDED
    }

    /** Starts to consume; the mode has been subscribed to. */
    void open(Mode<T, ?> newMode) {
        mode = newMode;
        dispatcher.execute(() -> {
            if (phase == Phase.ENDED) {
                return;
            }
            if (!dispatcher.activate(this)) {
                phase = Phase.ENDED;
                dispatcher.deactivate(this);
                newMode.end(Ending.alreadyConsuming(name()));
                limits.dispose();
                endSignals();
                ended.tryEmitEmpty();
                return;
            }

            declareDeadLetters();
        });
    }

    /** Its subscriber broke before it began: gives back what it has, so that another one may begin. */
    void neverBegan() {
        limits.dispose();
        endSignals();
        dispatcher.execute(() -> {
            phase = Phase.ENDED;
            dispatcher.neverBegan();
        });
    }

    // What is still to be signalled is.
    private void endSignals() {
        TaskLoops loops = signals;
        if (loops != null && loops != client().users()) {
            loops.dispose();
        }
    }

    private void declareDeadLetters() {
        if (context.failures().letters() == null) {
            connect();
            return;
        }

        limits.add(context.failures()
                .declared(client().session())
                .subscribe(
                        ignored -> {},
                        refused -> dispatcher.execute(() -> finish(BrokerFaults.named(refused, name()))),
                        () -> dispatcher.execute(this::connect)));
    }

    private void connect() {
        if (phase == Phase.ENDED) {
            return;
        }

        try {
            DeliveryPort port = client().session().deliveries(asked(), this);
            credit.port = BrokerFaults.require(port, "a port", name());
        } catch (Throwable refused) {
            FatalErrors.handOn(refused);
            finish(BrokerFaults.named(refused, name()));
        }
    }

    // ---- what it shares with its deliveries and its mode

    ConsumeContext client() {
        return dispatcher.context();
    }

    String name() {
        return dispatcher.name();
    }

    ConsumeSettings settings() {
        return settings;
    }

    /** Says where elements are signalled; null for the thread that emits. */
    @Nullable
    TaskLoops signals() {
        return signals;
    }

    private Mode<T, ?> mode() {
        return Objects.requireNonNull(mode, "not opened");
    }

    @Override
    public Context subscriberContext() {
        return mode().context();
    }

    @Override
    public void changed(HeldDelivery<T> delivery) {
        dispatcher.add(delivery);
    }

    @Override
    public void look(HeldDelivery<T> delivery) {
        dispatcher.look(delivery);
    }

    @Override
    public void execute(Runnable step) {
        dispatcher.execute(step);
    }

    @Override
    public boolean mayRetry() {
        return phase != Phase.ENDED && !cancelsRuns;
    }

    @Override
    public boolean isPaused() {
        return phase == Phase.PAUSED;
    }

    @Override
    public boolean isEnding() {
        return phase == Phase.DRAINING || phase == Phase.ENDED;
    }

    @Override
    public @Nullable String keyOf(HeldDelivery<T> delivery) {
        Function<Message, @Nullable String> key = spec.key();
        if (key == null) {
            return null;
        }

        try {
            return key.apply(delivery.message());
        } catch (Throwable thrown) {
            // Fails the delivery, not the consumer.
            delivery.unfit(thrown);
            return null;
        }
    }

    @Override
    public long laneWaitNanos() {
        Duration wait = settings.flow().maxLaneWait();
        return wait == null ? Math.min(context.leases().maxHoldNanos(), Span.nanos(Span.LONGEST)) : Span.nanos(wait);
    }

    /** Says how many messages of the group wait at the broker, which is asked; empty when that is not known. */
    Mono<Long> backlog() {
        DeliveryPort port = credit.port;
        return port == null
                ? Mono.empty()
                : Mono.defer(port::backlog).onErrorMap(thrown -> BrokerFaults.named(thrown, name()));
    }

    /** Completes when messages may come; errors when it ended before. */
    Mono<Void> begunOnce() {
        return begun.asMono();
    }

    // ---- what the port tells

    @Override
    public void begun(long leaseNanos) {
        if (leaseNanos <= 0) {
            troubled(untrue("a lease time of " + leaseNanos + " ns"));
            return;
        }
        dispatcher.execute(() -> {
            if (phase != Phase.ENDED && spec.said() != ConsumerSpec.Said.LITTLE) {
                Map<String, Object> inForce = inForce(Duration.ofNanos(leaseNanos));
                report(new MessagingEvent(MessagingEvent.Kind.CONSUMING, name(), null, inForce));
            }
            begun.tryEmitEmpty();
        });
    }

    // What holds for this subscription, for whoever reads logs.
    private Map<String, Object> inForce(Duration leaseTime) {
        FlowSettings flow = settings.flow();
        HoldSettings hold = settings.hold();
        FailureSettings failures = settings.failures();
        String letters = failures.deadLetterTo();

        return Map.of(
                "filter", spec.filter().toString(),
                "leaseTime", leaseTime,
                "maxHold", Duration.ofNanos(context.leases().maxHoldNanos()),
                "touch", hold.touchMode(),
                "concurrency", flow.concurrency(),
                "keyed", spec.key() != null,
                "maxDeliveries", failures.maxDeliveries(),
                "deadLetters", letters == null ? "none" : letters);
    }

    @Override
    public void delivered(Handout handout) {
        HeldDelivery<T> delivery;
        try {
            delivery = new HeldDelivery<>(context, whole(handout));
        } catch (RuntimeException lacks) {
            troubled(untrue("a delivery that is none, " + lacks.getMessage()));
            dispatcher.execute(() -> credit.arrived());
            return;
        }
        delivery.begin();
    }

    private static Handout whole(Handout handout) {
        Objects.requireNonNull(handout, "no handout");
        Objects.requireNonNull(handout.message(), "no message");
        Objects.requireNonNull(handout.settlement(), "no settlement");
        Objects.requireNonNull(handout.receipt(), "no receipt");
        Objects.requireNonNull(handout.leaseTime(), "no lease time");
        return handout;
    }

    private MessagingException untrue(String what) {
        return new MessagingException(
                ErrorCode.PROTOCOL,
                "the broker told " + what,
                name(),
                "tell whoever wrote the broker; what it lent comes again when its lease runs out");
    }

    @Override
    public void ended(Object ref, @Nullable FencingToken newer, LeaseLoss loss) {
        dispatcher.execute(() -> dispatcher.end(ref, newer, loss));
    }

    @Override
    public void connectionLost() {
        dispatcher.execute(() -> dispatcher.connectionLost(this));
    }

    @Override
    public void shortened(long leaseNanos) {
        dispatcher.execute(() -> dispatcher.forEachLease(lease -> lease.shorten(leaseNanos)));
    }

    @Override
    public void moved() {
        dispatcher.execute(() -> dispatcher.forEachLease(KeptLease::touchSoon));
    }

    @Override
    public void givenUp(Object ref, Message message, int deliveries) {
        context.failures().givenUp(ref, message, deliveries);
    }

    @Override
    public void troubled(MessagingException trouble) {
        troubled((Throwable) trouble);
    }

    private void troubled(Throwable trouble) {
        report(MessagingEvent.because(MessagingEvent.Kind.TROUBLE, name(), trouble));
    }

    /** Has the broker make the group anew; what is held of the former one is lost. */
    @Override
    public void deleted(MessagingException error) {
        report(MessagingEvent.because(MessagingEvent.Kind.GROUP_DELETED, name(), error));
        dispatcher.execute(() -> {
            long pause = credit.restart();
            context.failures().groupEnded();
            dispatcher.groupEnded();
            after(pause, this::reconnect);
        });
    }

    private void reconnect() {
        if (phase == Phase.ACTIVE || phase == Phase.PAUSED) {
            connect();
        }
    }

    @Override
    public void gone(MessagingException error) {
        report(MessagingEvent.because(MessagingEvent.Kind.GONE, name(), error));
        dispatcher.execute(() -> {
            failure = error;
            drainNow();
        });
    }

    // ---- what downstream asks

    void demanded() {
        dispatcher.execute(() -> {
            // It looks at what may start after each burst.
        });
    }

    void cancelled() {
        dispatcher.execute(() -> {
            cancelRuns();
            finish(null);
        });
    }

    /** Hears that a pipeline wants no more deliveries; it may still work on those that it has. */
    void sourceCancelled() {
        dispatcher.execute(() -> dispatcher.releaseWaiting(this));
    }

    /** Hears that downstream threw instead of taking a signal: tells it, and ends the sequence. */
    void threw(Throwable thrown) {
        context.reports().fault(thrown);
        pipelineEnded(thrown);
    }

    void pipelineEnded(@Nullable Throwable error) {
        dispatcher.execute(() -> {
            failure = failure == null ? error : failure;
            dispatcher.releaseUnattached(this);
            drainNow();
        });
    }

    // ---- in the dispatcher

    @Override
    public boolean isTaking() {
        return phase == Phase.ACTIVE && mode().isOpen();
    }

    @Override
    public boolean isTooMany(int waiting) {
        if (!credit.arrived()) {
            return false;
        }
        context.reports().report(MessagingEvent.Kind.SURPLUS);
        return waiting >= settings.flow().waitingMax();
    }

    /** Says how many of the ready deliveries take the next slot. */
    int takes(int running, Deque<HeldDelivery<T>> ready) {
        return !ready.isEmpty() && mayStart(running) ? mode().takes(ready) : 0;
    }

    private boolean mayStart(int running) {
        return phase == Phase.ACTIVE
                && running < credit.brake.limit(settings.flow().concurrency(), client().now())
                && mode().demand() > 0;
    }

    private boolean hasFreeSlot(int running) {
        return phase == Phase.ACTIVE && running < settings.flow().concurrency() && !credit.brake.isOn();
    }

    /** Gives what it takes its deliveries from; null before it is connected. */
    @Nullable
    DeliveryPort portOrNull() {
        return credit.port;
    }

    void start(HeldDelivery<T> delivery) {
        credit.started++;
        mode().start(delivery);
    }

    @Override
    public void closed(HeldDelivery<T> delivery, Outcome outcome) {
        credit.started--;
        context.failures().ended(delivery.kept(), outcome);
        note(delivery, outcome);
        mode().closed(delivery, outcome);
    }

    private void note(HeldDelivery<T> delivery, Outcome outcome) {
        switch (outcome.kind()) {
            case ACKED -> {
                if (credit.succeeded()) {
                    context.reports().report(MessagingEvent.Kind.RECOVERED);
                }
            }
            case TERMINATED -> context.reports().terminated(delivery.handout(), outcome.code());
            case NAKED, LOST -> {
                if (isFailureOfConsumer(outcome)) {
                    failed();
                }
            }
            case DEAD_LETTERED, RELEASED, UNKNOWN -> {}
        }

        boolean keepsOrder = outcome.kind() == Outcome.Kind.ACKED || outcome.kind() == Outcome.Kind.TERMINATED;
        if (delivery.laneKey() != null && !keepsOrder) {
            context.reports()
                    .report(MessagingEvent.Kind.KEY_ORDER_BROKEN, delivery.handout(), ErrorCode.KEY_ORDER_BROKEN);
        }
    }

    // Rather than of the message: what never finishes or cannot be read says nothing about the others.
    private static boolean isFailureOfConsumer(Outcome outcome) {
        if (outcome.kind() == Outcome.Kind.LOST) {
            return outcome.loss() == LeaseLoss.MAX_HOLD;
        }
        if (outcome.code() == ErrorCode.NEVER_FINISHED) {
            return false;
        }
        return outcome.error() instanceof StageRefusedException || outcome.code() != ErrorCode.DECODE_FAILED;
    }

    private void failed() {
        ConsumeContext client = client();
        if (credit.brake.failed(settings.flow().concurrency(), client.now(), client.random())) {
            context.reports().report(MessagingEvent.Kind.BACKED_OFF);
            // It would be kept by touches for as long as everything fails here; elsewhere it may not.
            dispatcher.releaseWaiting(this);
        }

        long pause = credit.brake.pauseNanos(client.now());
        if (pause > 0) {
            client.time().schedule(this::demanded, pause, TimeUnit.NANOSECONDS);
        }
    }

    /** Tells that so many deliveries are held until their delays are over that no more is taken. */
    void reportDelaysFull() {
        context.reports().report(MessagingEvent.Kind.DELAYS_FULL);
    }

    void grant(int running, int waiting, int ready, int most) {
        DeliveryPort port = credit.port;
        if (port == null) {
            return;
        }

        FlowSettings flow = settings.flow();
        long wanted = 0;
        if (phase == Phase.ACTIVE) {
            int size = mode().size();
            long free = (long) credit.brake.limit(flow.concurrency(), client().now()) - running;
            int ahead = credit.brake.isOn() ? 0 : flow.prefetch();
            long room = Math.max(size, flow.waitingMax()) - (long) waiting;
            wanted = Math.min(Math.min(free * size - ready + ahead, room), mode().demand() - ready);
            wanted = Math.min(wanted, most);
        }

        give(port, Math.max(0, wanted), flow.concurrency() / 4);
        watchDemand(running);
    }

    private void give(DeliveryPort port, long wanted, int step) {
        try {
            credit.want(port, wanted, step);
        } catch (Throwable thrown) {
            threwPort(thrown);
            after(credit.threw(), credit::rested);
        }
    }

    // Neither a group nor its messages wait for a broker that throws.
    private void threwPort(Throwable thrown) {
        context.reports().fault(thrown);
        FatalErrors.handOn(thrown);
    }

    // Whether the broker has more is not known here: what was asked for has all come.
    private void watchDemand(int running) {
        boolean limited = credit.received > 0 && mode().lacksDemand() && hasFreeSlot(running);
        if (!limited) {
            if (!demandWatch.isQuiet()) {
                demandWatch.open(client().now());
            }
            return;
        }

        if (demandWatch.limited(client().now())) {
            context.reports().report(MessagingEvent.Kind.DEMAND_LIMITED);
        } else if (demandWatch.looks()) {
            after(DemandWatch.PATIENCE_NANOS, demandWatch::looked);
        }
    }

    void endIfOver() {
        if (phase == Phase.DRAINING && credit.started == 0) {
            finish(failure);
        }
    }

    /** Takes no more, gives back what waits, lets runs finish; at the limit cancels the rest. */
    Mono<Void> drain(Duration limit) {
        long limitNanos = Span.nanos(limit);
        dispatcher.execute(() -> {
            drainNow();
            after(limitNanos, this::cancelRuns);
            after(limitNanos + Math.max(ANSWER_NANOS, budgetNanos()), () -> finish(failure));
        });
        return ended.asMono();
    }

    private long budgetNanos() {
        return context.leases().budgetNanos(settings.hold().leaseTime());
    }

    private void after(long nanos, Runnable step) {
        if (phase != Phase.ENDED) {
            Duration delay = Duration.ofNanos(nanos);
            untilEnd(Mono.delay(delay, client().time()).doOnNext(due -> dispatcher.execute(step)));
        }
    }

    // Cancelled at the end of the subscription, and forgotten when it has ended before.
    private void untilEnd(Mono<?> step) {
        Disposable.Swap slot = Disposables.swap();
        limits.add(slot);
        slot.update(step.doFinally(end -> limits.remove(slot)).subscribe(done -> {}, told -> {}));
    }

    private void drainNow() {
        if (phase == Phase.ENDED) {
            return;
        }

        phase = Phase.DRAINING;
        dispatcher.releaseWaiting(this);
        dispatcher.writeHeldBack(this);
        dispatcher.releaseWithinBatches(this);
        if (mode != null) {
            mode.endDeliveries();
        }
    }

    /** Takes no more and gives back what waits; tells whether it did before. In the serial line. */
    boolean pause() {
        if (phase != Phase.ACTIVE) {
            return false;
        }

        phase = Phase.PAUSED;
        dispatcher.releaseWaiting(this);
        dispatcher.writeHeldBack(this);
        dispatcher.releaseWithinBatches(this);
        return true;
    }

    /** Takes messages again; tells whether it was paused. In the serial line. */
    boolean resume() {
        if (phase != Phase.PAUSED) {
            return false;
        }

        phase = Phase.ACTIVE;
        dispatcher.taking();
        return true;
    }

    /**
     * Applies other settings; false when they are equal, and nothing is done. In the serial line.
     *
     * @throws MessagingException when they are refused, and nothing is done
     */
    boolean apply(ConsumeSettings wished) {
        ConsumeSettings next = fitted(wished);
        if (next.equals(settings)) {
            context.reports().report(MessagingEvent.Kind.SETTINGS_UNCHANGED);
            return false;
        }

        Duration leaseTime = settings.hold().leaseTime();
        if (!next.hold().leaseTime().equals(leaseTime)) {
            throw new MessagingException(
                    ErrorCode.SETTING_FIXED,
                    "the lease time is " + leaseTime + " while the group is consumed",
                    name() + ", leasehold.consumer.lease-time",
                    "drain the group and subscribe a consumer with the other lease time");
        }

        untilEnd(replaced(next).doOnError(this::troubled));
        dispatcher.releaseAbove(next.flow().waitingMax());
        context.reports().report(MessagingEvent.Kind.SETTINGS_CHANGED);
        return true;
    }

    // What is under way goes on with what it began with. Gives what is left to be done.
    private Mono<Void> replaced(ConsumeSettings next) {
        Mono<Void> rest = context.failures().apply(next.failures(), client().session());
        context.leases().apply(next.hold());
        settings = next;
        return rest;
    }

    private void cancelRuns() {
        if (phase != Phase.ENDED) {
            cancelsRuns = true;
            dispatcher.releaseUnattached(this);
            dispatcher.cancelRuns(this);
        }
    }

    private void finish(@Nullable Throwable error) {
        if (phase == Phase.ENDED) {
            return;
        }

        boolean drained = phase == Phase.DRAINING && error == null;
        phase = Phase.ENDED;
        limits.dispose();
        dispatcher.deactivate(this);

        stopPort();
        for (HeldDelivery<T> delivery : dispatcher.unanswered(this)) {
            mode().unanswered(delivery.unanswered());
        }
        mode().end(error);
        waitForSignals();
        endSignals();

        if (drained && spec.said() != ConsumerSpec.Said.LITTLE) {
            context.reports().report(MessagingEvent.Kind.DRAINED);
        }
        begun.tryEmitError(error == null ? Consumers.notSubscribed(name()) : error);
    }

    private void stopPort() {
        DeliveryPort port = credit.port;
        if (port == null) {
            return;
        }

        try {
            port.stop();
        } catch (Throwable thrown) {
            threwPort(thrown);
        }
    }

    // Whoever waits for the end has heard all outcomes before; a subscriber that does not take them holds nobody up.
    private void waitForSignals() {
        Mono<Long> patience = Mono.delay(Duration.ofNanos(ANSWER_NANOS), client().time());
        lastSignal.update(patience.subscribe(over -> signalled(), closed -> signalled()));
    }

    /** Hears that the subscriber has heard the last signal, or will hear none. On any thread. */
    void signalled() {
        lastSignal.dispose();
        dispatcher.execute(ended::tryEmitEmpty);
    }

    private void report(MessagingEvent event) {
        context.reports().event(event);
    }
}
