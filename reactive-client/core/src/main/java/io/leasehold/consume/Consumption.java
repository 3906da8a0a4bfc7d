package io.leasehold.consume;

import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.Handout;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.keeper.KeptLease;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.pace.Span;
import java.time.Duration;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
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
    /** How many letters of messages that the broker has given up may wait to be confirmed. */
    static final int LETTERS_MAX = 1_000;

    // How long answers to the last settlements are waited for when everything is cancelled, and the subscriber then.
    private static final long ANSWER_NANOS = 1_000_000_000L;

    private final Dispatcher<T> dispatcher;
    private final RunEnvironment<T> environment;
    private final FailureBrake brake = new FailureBrake();
    private final Sinks.Empty<Void> begun = Sinks.empty();
    private final Sinks.Empty<Void> ended = Sinks.empty();
    private final Credit credit = new Credit();
    private final DemandWatch demandWatch = new DemandWatch();
    private final Renewals renewals = new Renewals();
    private final Disposable.Swap lastSignal = Disposables.swap();
    private final Disposable.Composite letters = Disposables.composite();
    private final Disposable.Composite limits = Disposables.composite(letters);
    private @Nullable Mode<T> mode;
    private volatile Phase phase = Phase.ACTIVE;
    private volatile boolean cancelsRuns;
    private @Nullable Throwable failure;
    private boolean looksAtDemand;

    Consumption(Dispatcher<T> dispatcher, ConsumerSpec<T> spec) {
        this.dispatcher = dispatcher;
        this.environment = new RunEnvironment<>(dispatcher.context(), spec, dispatcher.remembered());
        this.limits.add(environment.blocking());
    }

    private enum Phase {
        ACTIVE,
        PAUSED,
        DRAINING,
        ENDED
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
                dispatcher.deactivate(this);
                newMode.end(Ending.alreadyConsuming(name()));
                limits.dispose();
                environment.end();
                ended.tryEmitEmpty();
                return;
            }
            declareDeadLetters();
        });
    }

    /** Its subscriber broke before it began: gives back what it has, so that another one may begin. */
    void neverBegan() {
        limits.dispose();
        environment.end();
        dispatcher.execute(() -> {
            phase = Phase.ENDED;
            dispatcher.neverBegan();
        });
    }

    private void declareDeadLetters() {
        if (environment.deadLetters() == null) {
            connect();
            return;
        }
        limits.add(environment
                .declared()
                .subscribe(
                        ignored -> {},
                        refused -> dispatcher.execute(() -> finish(refused)),
                        () -> dispatcher.execute(this::connect)));
    }

    private void connect() {
        if (phase == Phase.ENDED) {
            return;
        }
        GroupSpec group = environment.groupSpec();
        try {
            DeliveryPort port = dispatcher.context().session().deliveries(group, this);
            if (port == null) {
                throw untrue("no port for a group");
            }
            credit.port = port;
        } catch (RuntimeException refused) {
            finish(refused);
        }
    }

    // ---- what it shares with its deliveries

    Dispatcher<T> dispatcher() {
        return dispatcher;
    }

    String name() {
        return dispatcher.name();
    }

    /** What its deliveries and runs need of it. */
    RunEnvironment<T> environment() {
        return environment;
    }

    Context context() {
        return mode().context();
    }

    private Mode<T> mode() {
        return Objects.requireNonNull(mode, "not opened");
    }

    /** Whether a try that failed may be followed by another one. */
    boolean mayRetry() {
        return phase != Phase.ENDED && !cancelsRuns;
    }

    /** Whether a delivery that has a slot may still be started; errors when it never finishes. */
    boolean mayRun(HeldDelivery<T> delivery) {
        if (isEnding()) {
            return false;
        }
        environment.requireWorthy(delivery);
        return true;
    }

    /** Whether nothing is started any more. */
    boolean isEnding() {
        return phase == Phase.DRAINING || phase == Phase.ENDED;
    }

    /** How many messages of the group wait at the broker, which is asked; empty when that is not known. */
    Mono<Long> backlog() {
        DeliveryPort port = credit.port;
        return port == null ? Mono.empty() : port.backlog();
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
            if (phase != Phase.ENDED && environment.said() != ConsumerSpec.Said.LITTLE) {
                Map<String, Object> inForce = environment.inForce(Duration.ofNanos(leaseNanos));
                report(new MessagingEvent(MessagingEvent.Kind.CONSUMING, name(), null, inForce));
            }
            begun.tryEmitEmpty();
        });
    }

    @Override
    public void delivered(Handout handout) {
        HeldDelivery<T> delivery;
        try {
            delivery = new HeldDelivery<>(this, whole(handout));
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
        String subject = name() + "/" + message.topic();
        if (environment.deadLetters() == null) {
            Map<String, Object> facts =
                    Map.of("id", message.id().map(MessageId::value).orElse(""), "deliveryCount", deliveries);
            report(new MessagingEvent(MessagingEvent.Kind.TERMINATED, subject, ErrorCode.NEVER_FINISHED, facts));
        } else if (letters.size() >= LETTERS_MAX) {
            report(MessagingEvent.of(
                    MessagingEvent.Kind.DEAD_LETTER_FAILED,
                    subject,
                    ErrorCode.DEAD_LETTER_FAILED,
                    "the broker has given up on a message, and " + LETTERS_MAX + " letters of such wait already",
                    "see to it that the dead-letter topic can be published to; look for the message in its stream"));
        } else {
            untilEnd(letters, environment.givenUp(ref, message, deliveries));
        }
    }

    @Override
    public void troubled(MessagingException trouble) {
        troubled((Throwable) trouble);
    }

    private void troubled(Throwable trouble) {
        report(MessagingEvent.because(MessagingEvent.Kind.TROUBLE, name(), trouble));
    }

    /** The broker makes the group anew when it is asked again; what is held of the former one is lost. */
    @Override
    public void deleted(MessagingException error) {
        dispatcher.context().recorder().event(MessagingEvent.because(MessagingEvent.Kind.GROUP_DELETED, name(), error));
        dispatcher.execute(() -> {
            credit.restart();
            dispatcher.forEachLease(lease -> lease.lose(LeaseLoss.GROUP_GONE));
            after(renewals.nextNanos(), this::reconnect);
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

    /** A pipeline wants no more deliveries; it may still work on those that it has. */
    void sourceCancelled() {
        dispatcher.execute(() -> dispatcher.releaseWaiting(this));
    }

    /** Downstream threw instead of taking a signal: told, and the end of the sequence. */
    void threw(Throwable thrown) {
        environment.recorder().fault(thrown);
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

    /** Whether what comes may be worked on, as far as this subscription goes. On any thread. */
    boolean isTaking() {
        return phase == Phase.ACTIVE && mode().isOpen();
    }

    /** A delivery has arrived; true when there is no room for it: beyond the credit, and beyond what may wait. */
    boolean isTooMany(int waiting) {
        if (!credit.arrived()) {
            return false;
        }
        report(MessagingEvent.Kind.SURPLUS, null);
        return waiting >= environment.settings().flow().waitingMax();
    }

    /** How many of the ready deliveries take the next slot. */
    int takes(int running, Deque<HeldDelivery<T>> ready) {
        return !ready.isEmpty() && mayStart(running) ? mode().takes(ready) : 0;
    }

    private boolean mayStart(int running) {
        return phase == Phase.ACTIVE
                && running < brake.limit(environment.settings().flow().concurrency(), environment.now())
                && mode().demand() > 0;
    }

    private boolean hasFreeSlot(int running) {
        return phase == Phase.ACTIVE && running < environment.settings().flow().concurrency() && !brake.isOn();
    }

    /** What it takes its deliveries from; null before it is connected. */
    @Nullable
    DeliveryPort portOrNull() {
        return credit.port;
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
        Remembered remembered = environment.remembered();
        switch (outcome.kind()) {
            case ACKED -> {
                remembered.forget(delivery);
                renewals.succeeded();
                if (brake.succeeded()) {
                    report(MessagingEvent.Kind.RECOVERED, null);
                }
            }
            case NAKED -> naked(delivery, outcome);
            case TERMINATED -> {
                remembered.forget(delivery);
                report(MessagingEvent.Kind.TERMINATED, delivery, outcome.code(), saidOfFailures());
            }
            case DEAD_LETTERED -> remembered.forget(delivery);
            case RELEASED -> {
                boolean started = delivery.kept().hasStarted();
                remembered.note(delivery, started ? Remembered.Known::oneUndone : Remembered.Known::oneReleased);
            }
            case LOST -> lost(delivery, outcome.loss());
            case UNKNOWN -> {
                boolean failed = outcome.error() != null;
                remembered.note(delivery, failed ? Remembered.Known::oneFailed : Remembered.Known::oneLost);
            }
        }
        boolean keepsOrder = outcome.kind() == Outcome.Kind.ACKED || outcome.kind() == Outcome.Kind.TERMINATED;
        if (delivery.laneKey() != null && !keepsOrder) {
            report(MessagingEvent.Kind.KEY_ORDER_BROKEN, delivery, ErrorCode.KEY_ORDER_BROKEN);
        }
    }

    private void naked(HeldDelivery<T> delivery, Outcome outcome) {
        Remembered remembered = environment.remembered();
        if (outcome.code() == ErrorCode.NEVER_FINISHED) {
            remembered.note(delivery, Remembered.Known::oneHeldBack);
        } else if (outcome.error() instanceof StageRefusedException) {
            remembered.note(delivery, Remembered.Known::oneUndone);
            failed();
        } else {
            remembered.note(delivery, Remembered.Known::oneFailed);
            // What cannot be read says nothing about those that can.
            if (outcome.code() != ErrorCode.DECODE_FAILED) {
                failed();
            }
        }
    }

    private void lost(HeldDelivery<T> delivery, @Nullable LeaseLoss loss) {
        Remembered remembered = environment.remembered();
        if (loss != LeaseLoss.MAX_HOLD) {
            remembered.note(delivery, Remembered.Known::oneLost);
            return;
        }
        boolean enough = environment.isEnough(remembered.failures(delivery));
        remembered.note(delivery, Remembered.Known::oneFailed);
        if (enough) {
            remembered.owe(delivery, ErrorCode.HOLD_EXCEEDED);
        }
        failed();
    }

    private void failed() {
        if (brake.failed(environment.settings().flow().concurrency(), environment.now(), environment.random())) {
            report(MessagingEvent.Kind.BACKED_OFF, null);
            // It would be kept by touches for as long as everything fails here; elsewhere it may not.
            dispatcher.releaseWaiting(this);
        }
        long pause = brake.pauseNanos(environment.now());
        if (pause > 0) {
            environment.time().schedule(this::demanded, pause, TimeUnit.NANOSECONDS);
        }
    }

    /** So many deliveries are held until their delays are over that no more is taken. */
    void reportDelaysFull() {
        report(MessagingEvent.Kind.DELAYS_FULL, null);
    }

    void grant(int running, int waiting, int ready, int most) {
        DeliveryPort port = credit.port;
        if (port == null) {
            return;
        }
        long wanted = 0;
        if (phase == Phase.ACTIVE) {
            FlowSettings flow = environment.settings().flow();
            int size = mode().size();
            long free = (long) brake.limit(flow.concurrency(), environment.now()) - running;
            int ahead = brake.isOn() ? 0 : flow.prefetch();
            long room = Math.max(size, flow.waitingMax()) - (long) waiting;
            wanted = Math.min(Math.min(free * size - ready + ahead, room), mode().demand() - ready);
            wanted = Math.min(wanted, most);
        }
        credit.want(port, Math.max(0, wanted), environment.settings().flow().concurrency() / 4);
        watchDemand(running);
    }

    // Whether the broker has more is not known here: what was asked for has all come.
    private void watchDemand(int running) {
        boolean limited = credit.received > 0 && mode().lacksDemand() && hasFreeSlot(running);
        if (!limited) {
            if (!demandWatch.isQuiet()) {
                demandWatch.open(environment.now());
            }
            return;
        }
        if (demandWatch.limited(environment.now())) {
            report(MessagingEvent.Kind.DEMAND_LIMITED, null);
        } else if (!demandWatch.wasTold() && !looksAtDemand) {
            looksAtDemand = true;
            after(DemandWatch.PATIENCE_NANOS, () -> looksAtDemand = false);
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
            after(limitNanos + Math.max(ANSWER_NANOS, environment.budgetNanos()), () -> finish(failure));
        });
        return ended.asMono();
    }

    private void after(long nanos, Runnable step) {
        if (phase != Phase.ENDED) {
            Duration delay = Duration.ofNanos(nanos);
            untilEnd(Mono.delay(delay, environment.time()).doOnNext(due -> dispatcher.execute(step)));
        }
    }

    // Cancelled at the end of the subscription, and forgotten when it has ended before.
    private void untilEnd(Mono<?> step) {
        untilEnd(limits, step);
    }

    private static void untilEnd(Disposable.Composite all, Mono<?> step) {
        Disposable.Swap slot = Disposables.swap();
        all.add(slot);
        slot.update(step.doFinally(end -> all.remove(slot)).subscribe(done -> {}, told -> {}));
    }

    private void drainNow() {
        if (phase == Phase.ENDED) {
            return;
        }
        phase = Phase.DRAINING;
        dispatcher.releaseWaiting(this);
        dispatcher.writeHeldBack(this);
        dispatcher.releaseWithinBatches(this);
        if (mode instanceof ThroughMode<T> through) {
            through.endDeliveries();
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
        ConsumeSettings next = environment.fitted(wished);
        ConsumeSettings before = environment.settings();
        if (next.equals(before)) {
            report(MessagingEvent.Kind.SETTINGS_UNCHANGED, null);
            return false;
        }

        Duration leaseTime = before.hold().leaseTime();
        if (!next.hold().leaseTime().equals(leaseTime)) {
            throw new MessagingException(
                    ErrorCode.SETTING_FIXED,
                    "the lease time is " + leaseTime + " while the group is consumed",
                    name() + ", leasehold.consumer.lease-time",
                    "drain the group and subscribe a consumer with the other lease time");
        }
        untilEnd(environment.apply(next).doOnError(this::troubled));
        dispatcher.releaseAbove(next.flow().waitingMax());
        report(MessagingEvent.Kind.SETTINGS_CHANGED, null);
        return true;
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
        DeliveryPort port = credit.port;
        if (port != null) {
            port.stop();
        }
        for (HeldDelivery<T> delivery : dispatcher.unanswered(this)) {
            mode().unanswered(Ending.unanswered(delivery));
        }
        mode().end(error);
        waitForSignals();
        environment.end();
        if (drained && environment.said() != ConsumerSpec.Said.LITTLE) {
            report(MessagingEvent.Kind.DRAINED, null);
        }
        begun.tryEmitError(error == null ? Consumers.notConsumed(name()) : error);
    }

    // Whoever waits for the end has heard all outcomes before; a subscriber that does not take them holds nobody up.
    private void waitForSignals() {
        Mono<Long> patience = Mono.delay(Duration.ofNanos(ANSWER_NANOS), environment.time());
        lastSignal.update(patience.subscribe(over -> signalled(), closed -> signalled()));
    }

    /** The subscriber has heard the last signal, or will hear none. On any thread. */
    void signalled() {
        lastSignal.dispose();
        dispatcher.execute(ended::tryEmitEmpty);
    }

    /** Work on a delivery took longer than it may. On any thread. */
    void holdExceeded(HeldDelivery<T> delivery) {
        MessagingEvent why = MessagingEvent.because(MessagingEvent.Kind.HOLD_EXCEEDED, "", delivery.holdError());
        report(MessagingEvent.Kind.HOLD_EXCEEDED, delivery, why.code(), why.details());
    }

    /** Tells something about a delivery. On any thread. */
    void report(MessagingEvent.Kind kind, HeldDelivery<T> delivery, @Nullable ErrorCode code) {
        report(kind, delivery, code, Map.of());
    }

    // Which message it is, and which delivery of it, is a fact of each such event.
    private void report(
            MessagingEvent.Kind kind, HeldDelivery<T> delivery, @Nullable ErrorCode code, Map<String, Object> more) {
        Map<String, Object> facts = new HashMap<>(more);
        facts.put("id", delivery.id().map(MessageId::value).orElse(""));
        facts.put("deliveryCount", delivery.deliveryCount());
        report(new MessagingEvent(kind, name() + "/" + delivery.topic(), code, Map.copyOf(facts)));
    }

    /**
     * Tells that a message has failed and is kept. On any thread.
     *
     * @param pauseNanos how long it takes until it is tried again at the earliest; 0 when that is not known
     */
    void reportFailure(
            MessagingEvent.Kind kind,
            HeldDelivery<T> delivery,
            ErrorCode code,
            @Nullable Throwable error,
            long pauseNanos) {
        Map<String, Object> facts = new HashMap<>();
        if (kind == MessagingEvent.Kind.FAILED) {
            facts.putAll(Ending.factsOf(error));
            facts.putAll(saidOfFailures());
        }
        if (pauseNanos > 0) {
            facts.put("nextIn", Duration.ofMillis(TimeUnit.NANOSECONDS.toMillis(pauseNanos)));
        }
        report(kind, delivery, code, facts);
    }

    /** The fact, if it is one, that who hears the outcomes says how messages failed. */
    Map<String, Object> saidOfFailures() {
        return environment.said() == ConsumerSpec.Said.ALL ? Map.of() : Map.of(MessagingEvent.SAID_ELSEWHERE, true);
    }

    private void report(MessagingEvent.Kind kind, @Nullable ErrorCode code) {
        report(MessagingEvent.of(kind, name(), code));
    }

    private void report(MessagingEvent event) {
        dispatcher.context().recorder().event(event);
    }
}
