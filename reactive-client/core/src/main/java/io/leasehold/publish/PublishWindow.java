package io.leasehold.publish;

import io.leasehold.broker.PublishPort;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Codecs;
import io.leasehold.message.PublishReceipt;
import io.leasehold.pace.SerialLine;
import io.leasehold.pace.StageAnswer;
import io.leasehold.signal.Apart;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import reactor.core.scheduler.Scheduler;

/**
 * What a client has on its way to the broker. Everything happens in turns: subscribing, the broker's answers,
 * cancelling and time only put a {@link WindowStep} in the line, and whoever finds nobody at work takes the turns. So
 * the way of a publish reads from top to bottom:
 *
 * <pre>
 *   begin → lane (its turn within the key) → stages → slot (a place in the window) → out (the broker has the item)
 *                                                                                    │        ▲
 *                                                                               answered → again (same id, later)
 *                                                                                    │
 *   refused, taken back, out of time, closed ─────────────────────────────────────► end: exactly one signal
 * </pre>
 */
final class PublishWindow {
    private final PublishPort port;
    private final Agenda agenda;
    private final KeyLanes lanes;
    private final StageChain stages;
    private final Slots slots;
    private final RetryDecision retry;
    private final Closing closing;
    private final SignalQueue signals;
    private final PublishEvents events;
    private final Set<String> halting = ConcurrentHashMap.newKeySet();
    private final Codecs codecs;
    private final Ids ids = new Ids();
    private final SerialLine<WindowStep> line;

    PublishWindow(PublishContext context) {
        PublishSettings settings = context.settings();
        port = context.port();
        codecs = context.codecs();
        agenda = new Agenda(context.ticker(), new Alarm(context.time(), this), settings.timeout());
        lanes = new KeyLanes(settings.haltedKeysMax());
        stages = new StageChain(context.stages(), context.recorder(), context.callers());
        slots = new Slots(settings);
        retry = new RetryDecision(settings.retry());
        Apart apart = context.apart();
        events = new PublishEvents(context.recorder(), apart);
        signals = new SignalQueue(context.user(), apart, events::fault);
        closing = new Closing(signals);
        line = new SerialLine<>(this::take, this::afterBurst, events::fault, relay(context.time()), apart);
    }

    /** The time scheduler's other duties get their turn between two stretches; nobody else is kept longer than one. */
    private Executor relay(Scheduler time) {
        return work -> time.schedule(() -> {
            work.run();
            signals.send();
        });
    }

    /** Has something done in its turn: at once, unless another thread is at it. */
    void post(WindowStep step) {
        // Only whoever took the turns has left them now: a step that is posted from within a turn has not.
        if (line.add(step)) {
            signals.send();
        }
    }

    /** The broker answered what has ended. On any thread. */
    void late(PendingPublish publish) {
        events.late(publish);
    }

    PublishEvents events() {
        return events;
    }

    StageChain stages() {
        return stages;
    }

    Slots slots() {
        return slots;
    }

    KeyLanes lanes() {
        return lanes;
    }

    Closing closing() {
        return closing;
    }

    SignalQueue signals() {
        return signals;
    }

    /** Whether anything is ever written again. */
    boolean repeats() {
        return retry.isEver();
    }

    /** Makes bytes of bodies. */
    Codecs codecs() {
        return codecs;
    }

    Ids ids() {
        return ids;
    }

    private void take(WindowStep step) {
        agenda.look();
        step.takeTurn(this);
        while (goOnWithinKeys()) {
            agenda.look();
        }
        for (PendingPublish next = slots.pollWithPlace(); next != null; next = slots.pollWithPlace()) {
            hand(next);
        }
    }

    private void afterBurst() {
        if (!agenda.setAlarm(closing)) {
            closing.begin(agenda.now());
            endAll();
        }
        if (closing.isBegun() && agenda.open().isEmpty()) {
            agenda.cancelAlarm();
            closing.complete();
        }
    }

    /**
     * A publish is refused where it was called, and never was in a turn. That is a gap in the order of its key: the key
     * is halted in the next turn, before what is subscribed after the refusal. One step for each key waits at most, so
     * that callers who are faster than the turns leave nothing behind.
     */
    void refused(PendingPublish publish) {
        events.refused(publish);
        String key = publish.message().key().orElse(null);
        if (key != null && publish.mode.ordered() && halting.add(key)) {
            post(new Halt(key));
        }
    }

    void halt(String key) {
        halting.remove(key);
        if (lanes.halt(key)) {
            events.halted(key, ErrorCode.WINDOW_FULL);
        }
    }

    void begin(PendingPublish publish) {
        publish.begin(agenda.now(), ids);
        agenda.open().add(publish);
        if (closing.isBegun()) {
            fail(publish, ErrorCode.CLOSED);
        } else if (publish.takeBack()) {
            end(publish, PublishOutcome.TAKEN_BACK);
        } else if (publish.mode.ordered() && publish.message().key().isPresent()) {
            enterLane(publish, publish.message().key().get());
        } else {
            enterStages(publish);
        }
    }

    private void enterLane(PendingPublish publish, String key) {
        ErrorCode refusal = lanes.refusal(key);
        if (refusal != null) {
            fail(publish, refusal);
        } else if (lanes.join(publish, key)) {
            enterStages(publish);
        } else {
            park(publish, Place.LANE);
        }
    }

    private boolean goOnWithinKeys() {
        PendingPublish doomed = lanes.pollDoomed();
        if (doomed != null) {
            fail(doomed, ErrorCode.KEY_HALTED);
            return true;
        }
        PendingPublish next = lanes.pollNext();
        if (next != null) {
            enterStages(next);
            return true;
        }
        return false;
    }

    private void enterStages(PendingPublish publish) {
        long answer = stages.enter(publish, agenda.now());
        if (StageAnswer.isProceed(answer)) {
            enterSlot(publish);
        } else if (StageAnswer.isRefusal(answer)) {
            fail(publish, StageAnswer.code(answer));
        } else if (park(publish, Place.DELAYED)) {
            agenda.delays().add(publish, agenda.now() + StageAnswer.delayNanos(answer));
        }
    }

    private void enterSlot(PendingPublish publish) {
        if (slots.tryTake(publish)) {
            hand(publish);
        } else {
            slots.await(publish);
            park(publish, Place.WAITING);
        }
    }

    /** It waits; single publishes may do so only within a bound. */
    private boolean park(PendingPublish publish, Place place) {
        publish.place = place;
        if (publish.parked || !publish.isSingle()) {
            return true;
        }
        publish.parked = slots.tryPark();
        if (!publish.parked) {
            fail(publish, ErrorCode.WINDOW_FULL);
        }
        return publish.parked;
    }

    /**
     * Everything that the answer needs is in place before the broker sees the item: it may answer within the call.
     */
    private void hand(PendingPublish publish) {
        unpark(publish);
        publish.place = Place.OUT;
        publish.writings++;
        try {
            port.publish(publish);
        } catch (Throwable fault) {
            events.fault(fault);
            publish.failed(new MessagingException(
                    ErrorCode.INTERNAL, "the broker's port threw", publish.id().value(), "report it", fault));
        }
    }

    void answered(PendingPublish publish, Object said) {
        if (said instanceof PublishReceipt) {
            end(publish, said);
        } else if (said instanceof MessagingException error) {
            refused(publish, error);
        } else {
            end(publish, PublishException.of(publish, (ErrorCode) said, isUnknown(publish)));
        }
    }

    private void refused(PendingPublish publish, MessagingException error) {
        publish.doubtful |= publish.isWritten() && RetryDecision.leavesDoubt(error.code());
        if (retry.isAllowed(publish, error.code())) {
            long delay = retry.delayNanos(publish);
            if (agenda.hasMoreThan(delay, publish)) {
                writeAgain(publish, delay);
                return;
            }
        }
        end(publish, PublishException.of(publish, error, publish.doubtful));
    }

    private void writeAgain(PendingPublish publish, long delay) {
        publish.reopen();
        publish.place = Place.AGAIN;
        agenda.delays().add(publish, agenda.now() + delay);
        events.again(publish);
    }

    void onTime() {
        if (closing.isDue(agenda.now())) {
            endAll();
            return;
        }
        PendingPublish publish = agenda.open().first();
        while (publish != null && agenda.isOverdue(publish)) {
            PendingPublish after = publish.openAfter;
            fail(publish, ErrorCode.PUBLISH_TIMEOUT);
            publish = after;
        }
        wake();
    }

    private void wake() {
        for (PendingPublish rested = agenda.delays().pollDue(agenda.now()); rested != null; ) {
            if (rested.place == Place.AGAIN) {
                hand(rested);
            } else {
                enterStages(rested);
            }
            rested = agenda.delays().pollDue(agenda.now());
        }
    }

    void beginClosing(long limitNanos) {
        closing.begin(agenda.now() + limitNanos);
        if (closing.isDue(agenda.now())) {
            endAll();
        }
    }

    /** The limit of closing: none stays open. What is being answered at this very moment ends by that. */
    private void endAll() {
        PendingPublish publish = agenda.open().first();
        while (publish != null) {
            PendingPublish after = publish.openAfter;
            if (publish.decide()) {
                ErrorCode code = isUnknown(publish) ? ErrorCode.UNKNOWN : ErrorCode.CLOSED;
                end(publish, PublishException.of(publish, code, isUnknown(publish)));
            }
            publish = after;
        }
    }

    private void fail(PendingPublish publish, ErrorCode code) {
        if (publish.decide()) {
            end(publish, PublishException.of(publish, code, isUnknown(publish)));
        }
    }

    private static boolean isUnknown(PendingPublish publish) {
        return publish.doubtful || publish.isWritten();
    }

    /** The end of a publish that is decided: it leaves everything, and its subscriber is told. */
    void end(PendingPublish publish, Object end) {
        PublishOutcome outcome = outcome(end);
        agenda.open().remove(publish);
        leavePlace(publish);
        publish.outcome(end);
        stages.exit(publish, outcome, agenda.now());
        if (lanes.leave(publish, halts(end))) {
            events.halted(publish.message().key().orElse(""), publish.failure());
        }
        events.ended(publish, outcome, agenda.now());
        publish.signal();
    }

    private void leavePlace(PendingPublish publish) {
        unpark(publish);
        agenda.delays().remove(publish);
        if (publish.place == Place.WAITING) {
            slots.giveUp(publish);
        } else if (publish.place.hasSlot()) {
            slots.release(publish);
        }
    }

    private void unpark(PendingPublish publish) {
        if (publish.parked) {
            publish.parked = false;
            slots.unpark();
        }
    }

    private static PublishOutcome outcome(Object end) {
        if (end instanceof PublishException failed) {
            return failed.isUnknown() ? PublishOutcome.UNKNOWN : PublishOutcome.REFUSED;
        }
        return end instanceof PublishReceipt ? PublishOutcome.CONFIRMED : PublishOutcome.TAKEN_BACK;
    }

    /** A gap in the order of its key; the loss of a lease is none, for the redelivery publishes it again. */
    private static boolean halts(Object end) {
        return end instanceof PublishException failed && (failed.isUnknown() || failed.code() != ErrorCode.LEASE_LOST);
    }
}
