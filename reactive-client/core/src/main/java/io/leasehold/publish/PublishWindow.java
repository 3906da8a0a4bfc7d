package io.leasehold.publish;

import io.leasehold.broker.PublishPort;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.Apart;
import io.leasehold.lease.Ticker;
import io.leasehold.message.Codecs;
import io.leasehold.pace.DelayQueue;
import io.leasehold.pace.SerialLine;
import io.leasehold.pace.Span;
import io.leasehold.pace.StageAnswer;
import io.leasehold.publish.PendingPublish.Phase;
import java.time.Duration;
import java.util.concurrent.Executor;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Decides about all that a client has on its way to the broker. Everything happens in turns: subscribing, the broker's
 * answers, cancelling and time only put something into the line, and whoever finds nobody at work takes the turns. The
 * lists, the order within keys, the stages, the slots and the signals keep facts and call nobody back. So the way of a
 * publish reads from top to bottom:
 *
 * <pre>
 *   begin → key (its turn within the key) → stages → slot (a place in the window) → out (the broker has the item)
 *                                                                                   │        ▲
 *                                                                              answered → again (same id, later)
 *                                                                                   │
 *   refused, taken back, out of time, closed ────────────────────────────────────► end: exactly one signal
 * </pre>
 *
 * <p>One object for each client, 96 bytes with compressed pointers:
 *
 * <pre>
 *     0  header                                        12      52  slots, retry, signals, events       16
 *    12  codecs                                         4      68  line                                 4
 *    16  timeoutNanos, now                             16      72  open, waiting, delays               12
 *    32  ids, ticker, port, keys, stages               20      84  alarm, closing, padding             12  = 96
 * </pre>
 */
final class PublishWindow {
    private final Codecs codecs;
    private final Ids ids = new Ids();
    private final Ticker ticker;
    private final PublishPort port;
    private final KeyOrder keys;
    private final StageChain stages;
    private final Slots slots;
    private final RetryDecision retry;
    private final SignalQueue signals;
    private final PublishEvents events;
    private final SerialLine<SerialLine.Link> line;

    private final PublishList open = PublishList.ofOpen();
    private final PublishList waiting = PublishList.ofWaiting();
    private final DelayQueue<PendingPublish.Delay> delays = new DelayQueue<>();
    private final Alarm alarm;
    private final long timeoutNanos;
    private long now;

    private final Closing closing = new Closing();

    PublishWindow(PublishContext context) {
        PublishSettings settings = context.settings();
        Apart apart = context.apart();
        codecs = context.codecs();
        ticker = context.ticker();
        port = context.port();
        keys = new KeyOrder(settings.haltedKeysMax());
        stages = new StageChain(context.stages(), context.recorder(), context.callers());
        slots = new Slots(settings);
        retry = new RetryDecision(settings.retry(), context.recognisesRepeats());
        events = new PublishEvents(context.recorder(), apart);
        signals = new SignalQueue(context.user(), apart, events::fault);
        alarm = new Alarm(context.time(), this::inTurn, this::onTime);
        timeoutNanos = settings.timeout().toNanos();
        line = new SerialLine<>(this::take, this::afterBurst, events::fault, relay(context.time()), apart);
    }

    /** The time scheduler's other duties get their turn between two stretches; nobody else is kept longer than one. */
    private Executor relay(Scheduler time) {
        return work -> time.schedule(() -> {
            work.run();
            signals.send();
        });
    }

    Codecs codecs() {
        return codecs;
    }

    Ids ids() {
        return ids;
    }

    StageChain stages() {
        return stages;
    }

    Slots slots() {
        return slots;
    }

    SignalQueue signals() {
        return signals;
    }

    PublishEvents events() {
        return events;
    }

    /** Tells how many keys are halted. On any thread. */
    int haltedKeys() {
        return keys.halted();
    }

    /** Tells whether anything is ever written again. */
    boolean retries() {
        return retry.isEver();
    }

    // What comes from outside: each puts something into the line, on any thread.

    /** Has a publish looked at in its turn: at once, unless another thread is at work. */
    void post(PendingPublish publish) {
        add(publish);
    }

    /** Refuses a publish where it was called. That is a gap in the order of its key, which is halted for it. */
    void refused(PendingPublish publish) {
        events.windowFull(publish.message().topic());
        String key = publish.message().key().orElse(null);

        // The next turn comes before what is subscribed after the refusal.
        if (key != null && publish.mode.ordered() && keys.askToHalt(key)) {
            inTurn(() -> halt(key));
        }
    }

    /** Lets a halted key go on. */
    void resume(String key) {
        inTurn(() -> keys.resume(key));
    }

    /** Closes when subscribed: see {@link Publishing#close(Duration)}. */
    Mono<Void> close(Duration limit) {
        return Mono.defer(() -> {
            long limitNanos = Span.nanos(limit);
            inTurn(() -> closeWithin(limitNanos));
            return closing.done.asMono();
        });
    }

    private void inTurn(Runnable work) {
        add(new Task(work));
    }

    private void add(SerialLine.Link link) {
        // Only whoever took the turns has left them now: what is added from within a turn has not.
        if (line.add(link)) {
            signals.send();
        }
    }

    // A turn: what was added, then what has become possible by it.

    private void take(SerialLine.Link link) {
        now = ticker.nanos();
        if (link instanceof PendingPublish publish) {
            look(publish);
        } else if (link instanceof Task task) {
            task.work.run();
        }

        while (goOnWithinKeys()) {
            now = ticker.nanos();
        }
        goOnWithSlots();
    }

    private void look(PendingPublish publish) {
        publish.leaveLine();
        Object said = publish.pollAnswer();
        if (publish.phase == Phase.NEW) {
            begin(publish);
        } else if (said != null) {
            answered(publish, said);
        } else if (publish.takeBack()) {
            end(publish, PublishOutcome.TAKEN_BACK);
        }
    }

    private boolean goOnWithinKeys() {
        PendingPublish doomed = keys.pollDoomed();
        if (doomed != null) {
            fail(doomed, ErrorCode.KEY_HALTED);
            return true;
        }

        PendingPublish next = keys.pollNext();
        if (next != null) {
            enterStages(next);
            return true;
        }
        return false;
    }

    private void goOnWithSlots() {
        PendingPublish first = waiting.first();
        while (first != null && slots.tryTake(first.weightBytes())) {
            waiting.remove(first);
            hand(first);
            first = waiting.first();
        }
    }

    private void afterBurst() {
        if (!setAlarm()) {
            closing.begin(now);
            endAll();
        }

        if (closing.begun && open.isEmpty()) {
            alarm.cancel();
            closing.tellOnce();
        }
    }

    // The way in.

    private void begin(PendingPublish publish) {
        publish.begin(now, ids);
        open.add(publish);

        if (closing.begun) {
            fail(publish, ErrorCode.CLOSED);
        } else if (publish.takeBack()) {
            end(publish, PublishOutcome.TAKEN_BACK);
        } else if (publish.mode.ordered() && publish.message().key().isPresent()) {
            enterKey(publish, publish.message().key().get());
        } else {
            enterStages(publish);
        }
    }

    private void enterKey(PendingPublish publish, String key) {
        ErrorCode refusal = keys.refusal(key);
        if (refusal != null) {
            fail(publish, refusal);
        } else if (keys.join(publish, key)) {
            enterStages(publish);
        } else {
            park(publish, Phase.KEYED);
        }
    }

    private void enterStages(PendingPublish publish) {
        StageAnswer answer = stages.enter(publish, now);
        ErrorCode refusal = answer.code();
        if (refusal != null) {
            fail(publish, refusal);
        } else if (answer.isProceed()) {
            enterSlot(publish);
        } else if (park(publish, Phase.DELAYED)) {
            delay(publish, answer.delayNanos());
        }
    }

    /** Takes a slot, unless somebody waits for one: nobody is overtaken by what is lighter. */
    private void enterSlot(PendingPublish publish) {
        if (waiting.isEmpty() && slots.tryTake(publish.weightBytes())) {
            hand(publish);
        } else {
            waiting.add(publish);
            park(publish, Phase.WAITING);
        }
    }

    /** Has a publish wait; single ones may do so only within a bound. False when that has ended it. */
    private boolean park(PendingPublish publish, Phase phase) {
        publish.phase = phase;
        if (publish.parked || !publish.isSingle()) {
            return true;
        }

        publish.parked = slots.tryPark();
        if (!publish.parked) {
            fail(publish, ErrorCode.WINDOW_FULL);
        }
        return publish.parked;
    }

    private void unpark(PendingPublish publish) {
        if (publish.parked) {
            publish.parked = false;
            slots.unpark();
        }
    }

    private void delay(PendingPublish publish, long nanos) {
        PendingPublish.Delay delay = new PendingPublish.Delay(publish);
        publish.delay = delay;
        delays.put(delay, now + nanos);
    }

    /** Hands a publish to the broker. All that the answer needs is in place before: it may come within the call. */
    private void hand(PendingPublish publish) {
        unpark(publish);
        publish.phase = Phase.OUT;
        publish.writings++;

        try {
            port.publish(publish);
        } catch (Throwable fault) {
            events.fault(fault);
            publish.failed(new MessagingException(
                    ErrorCode.INTERNAL, "the broker's port threw", publish.id().value(), "report it", fault));
        }
    }

    // The answer.

    private void answered(PendingPublish publish, Object said) {
        if (said instanceof MessagingException error) {
            refused(publish, error);
        } else if (said instanceof ErrorCode code) {
            failDecided(publish, code);
        } else {
            end(publish, said);
        }
    }

    private void refused(PendingPublish publish, MessagingException error) {
        publish.doubtful |= publish.isWritten() && RetryDecision.leavesDoubt(error.code());
        if (!publish.isCancelled() && retry.isAllowed(error.code(), publish.writings, publish.doubtful)) {
            long delay = retry.delayNanos(publish.id(), publish.writings);
            if (now - publish.start + delay < timeoutNanos) {
                writeAgain(publish, delay);
                return;
            }
        }

        end(publish, PublishException.of(publish.message(), publish.id(), error, publish.doubtful));
    }

    private void writeAgain(PendingPublish publish, long delay) {
        publish.reopen();
        publish.phase = Phase.AGAIN;
        delay(publish, delay);
        events.repeated(publish.message().topic());
    }

    // Time.

    /** Sees to it that the next thing is not missed; false when there is no time any more. */
    private boolean setAlarm() {
        PendingPublish first = open.first();
        if (first == null) {
            return true;
        }

        long due = first.start + timeoutNanos;
        PendingPublish.Delay delay = delays.first();
        due = delay == null ? due : earlier(due, delay.dueNanos());
        due = closing.begun ? earlier(due, closing.limit) : due;
        return alarm.ringBy(due, now);
    }

    private static long earlier(long one, long other) {
        return one - other <= 0 ? one : other;
    }

    private void onTime() {
        if (closing.isDue(now)) {
            endAll();
            return;
        }

        PendingPublish publish = open.first();
        while (publish != null && now - publish.start >= timeoutNanos) {
            PendingPublish after = open.after(publish);
            fail(publish, ErrorCode.PUBLISH_TIMEOUT);
            publish = after;
        }
        wake();
    }

    private void wake() {
        PendingPublish.Delay due = delays.pollDue(now);
        while (due != null) {
            PendingPublish publish = due.publish;
            publish.delay = null;
            if (publish.phase == Phase.AGAIN) {
                hand(publish);
            } else {
                enterStages(publish);
            }
            due = delays.pollDue(now);
        }
    }

    // Closing, and keys that are halted from outside.

    private void closeWithin(long limitNanos) {
        closing.begin(now + limitNanos);
        if (closing.isDue(now)) {
            endAll();
        }
    }

    /** Leaves none open. What is being answered at this very moment ends by that. */
    private void endAll() {
        PendingPublish publish = open.first();
        while (publish != null) {
            PendingPublish after = open.after(publish);
            if (publish.decide()) {
                failDecided(publish, publish.isUnknown() ? ErrorCode.UNKNOWN : ErrorCode.CLOSED);
            }
            publish = after;
        }
    }

    private void halt(String key) {
        if (keys.haltAsAsked(key)) {
            events.keyHalted(key, ErrorCode.WINDOW_FULL);
        }
    }

    // The end.

    private void fail(PendingPublish publish, ErrorCode code) {
        if (publish.decide()) {
            failDecided(publish, code);
        }
    }

    // Only a decision settles whether it was written.
    private void failDecided(PendingPublish publish, ErrorCode code) {
        end(publish, PublishException.of(publish.message(), publish.id(), code, publish.isUnknown()));
    }

    /** Ends a publish that is decided: it leaves everything, and its subscriber is told. */
    private void end(PendingPublish publish, Object with) {
        PublishOutcome outcome = outcome(with);
        open.remove(publish);
        leavePhase(publish);
        publish.end(with);

        stages.exit(publish, outcome, now);
        if (keys.leave(publish, halts(with))) {
            events.keyHalted(publish.message().key().orElse(""), publish.failure());
        }
        events.ended(publish.message().topic(), outcome, publish.failure(), now - publish.start);
        publish.signal();
    }

    private void leavePhase(PendingPublish publish) {
        unpark(publish);
        if (publish.delay != null) {
            delays.remove(publish.delay);
            publish.delay = null;
        }

        if (publish.phase == Phase.WAITING) {
            waiting.remove(publish);
        } else if (publish.phase.hasSlot()) {
            slots.release(publish.weightBytes());
        }
    }

    private static PublishOutcome outcome(Object end) {
        if (end instanceof PublishException failed) {
            return failed.isUnknown() ? PublishOutcome.UNKNOWN : PublishOutcome.REFUSED;
        }
        return end == PublishOutcome.TAKEN_BACK ? PublishOutcome.TAKEN_BACK : PublishOutcome.CONFIRMED;
    }

    /** A gap in the order of its key; the loss of a lease is none, for the redelivery publishes it again. */
    private static boolean halts(Object end) {
        return end instanceof PublishException failed && (failed.isUnknown() || failed.code() != ErrorCode.LEASE_LOST);
    }

    /** Is something to be done in a turn that is no publish. */
    private static final class Task extends SerialLine.Link {
        final Runnable work;

        Task(Runnable work) {
            this.work = work;
        }
    }

    /** Is the end of the window: begun once or more, told once. */
    private final class Closing implements SignalQueue.Signal {
        final Sinks.Empty<Void> done = Sinks.empty();
        boolean begun;
        long limit;
        private boolean told;

        /** Has nothing begun any more, and what is open ended at the limit; of several limits the earliest counts. */
        void begin(long newLimit) {
            limit = begun ? earlier(limit, newLimit) : newLimit;
            begun = true;
        }

        boolean isDue(long instant) {
            return begun && limit - instant <= 0;
        }

        /** Tells whoever waits for the end that nothing is open any more. */
        void tellOnce() {
            if (!told) {
                told = true;
                signals.add(this);
            }
        }

        @Override
        public Executor executor() {
            return signals.ofUser();
        }

        @Override
        public void run() {
            signals.end();
            done.tryEmitEmpty();
        }
    }
}
