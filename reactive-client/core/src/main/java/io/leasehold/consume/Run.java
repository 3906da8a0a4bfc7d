package io.leasehold.consume;

import io.leasehold.broker.Handout;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent;
import io.leasehold.lease.Lease;
import io.leasehold.lease.LeaseState;
import io.leasehold.lease.LeaseTerms;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.keeper.KeptLease;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.message.PublishReceipt;
import io.leasehold.pace.Backoff;
import io.leasehold.pace.FatalErrors;
import io.leasehold.pace.RetryPolicy;
import io.leasehold.pace.Span;
import io.leasehold.publish.DerivedIds;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.util.context.Context;

/**
 * One run of work for a delivery: its tries, its timeout, and what its end means for the message.
 *
 * <pre>
 *   open (gate, stages, decode) --> try --> ended --> settle by result
 *                                    ^        |
 *                                    `- retry-'
 * </pre>
 */
class Run<T> implements Execution.Work {
    private static final Set<ErrorCode> HOPELESS = EnumSet.of(
            ErrorCode.DECODE_FAILED, ErrorCode.NEVER_FINISHED, ErrorCode.HOLD_EXCEEDED, ErrorCode.DEAD_LETTER_FAILED);

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<Run, Alarm> ALARM =
            AtomicReferenceFieldUpdater.newUpdater(Run.class, Alarm.class, "alarm");

    private final HeldDelivery<T> delivery;
    private final Function<? super Delivery<T>, ? extends @Nullable Publisher<?>> work;
    private final StagePass stages;
    private volatile @Nullable Execution execution;
    private volatile @Nullable Disposition disposition;
    private volatile @Nullable Ending ending;
    private volatile @Nullable Thread thread;
    private @Nullable BatchRun<T> batch;
    private final boolean blocking;
    private volatile boolean released;
    private volatile boolean waitsForThread;
    private boolean limitsTry;
    private int tries;
    private volatile Alarm alarm = Alarm.NONE;

    /** What the one alarm of a run, which the timer of its lease rings, was set for last. */
    private enum Alarm {
        NONE,
        /** The try has taken too long. */
        TIMEOUT,
        /** It was cancelled and has not ended since. */
        PATIENCE,
        /** The next try is due. */
        RETRY,
        /** Its nak was written and it goes on. */
        NAK_TAIL
    }

    /** A run of a delivery whose user waits for the outcome: most have none, and do not pay for it. */
    static final class Told<T> extends Run<T> {
        private @Nullable MonoSink<Outcome> waiter;

        Told(
                HeldDelivery<T> delivery,
                Function<? super Delivery<T>, ? extends @Nullable Publisher<?>> work,
                boolean blocking) {
            super(delivery, work, blocking);
        }

        /** Has somebody told the outcome, once. Before the first try. */
        void tell(MonoSink<Outcome> told) {
            waiter = told;
        }

        @Override
        @Nullable
        MonoSink<Outcome> waiter() {
            return waiter;
        }

        @Override
        @Nullable
        MonoSink<Outcome> takeWaiter() {
            MonoSink<Outcome> told = waiter;
            waiter = null;
            return told;
        }
    }

    /** Makes a run whose work is begun by calling the function, or by subscribing to what it returns. */
    Run(HeldDelivery<T> delivery, Function<? super Delivery<T>, ? extends @Nullable Publisher<?>> work) {
        this(delivery, work, false);
    }

    /**
     * Makes a run.
     *
     * @param blocking whether the function only asks for a thread, on which the work begins
     */
    Run(
            HeldDelivery<T> delivery,
            Function<? super Delivery<T>, ? extends @Nullable Publisher<?>> work,
            boolean blocking) {
        this.delivery = delivery;
        this.work = work;
        this.blocking = blocking;
        this.stages = context().stages().pass();
    }

    /** Gives whoever wants to be told the outcome, until that is taken. */
    @Nullable
    MonoSink<Outcome> waiter() {
        return null;
    }

    /** Gives whoever wants to be told the outcome, the first time that it is asked. In the dispatcher. */
    @Nullable
    MonoSink<Outcome> takeWaiter() {
        return null;
    }

    /** Makes it a part of a batch: its next try is the batch's. */
    void joins(BatchRun<T> together, Execution shared) {
        batch = together;
        execution = shared;
    }

    /** Takes no part in the batch's try: what becomes of that does not concern it. */
    void leavesTogether() {
        execution = null;
    }

    @Nullable
    BatchRun<T> batch() {
        return batch;
    }

    /**
     * Begins a try: its clocks start, or do so when a thread enters it.
     *
     * @param later whether it has to wait for a thread
     * @param limits whether the handler's timeout limits this run; of those of a batch it limits one
     */
    void begins(boolean later, boolean limits) {
        limitsTry = limits;
        waitsForThread = later;
        if (later) {
            // Kept by touches from here on, as it was not while nobody had attached anything.
            kept().keptWithoutWork();
        } else {
            startClocks();
        }
    }

    private void startClocks() {
        kept().workStarted();
        if (limitsTry) {
            limitTry();
        }
    }

    /** Notes that a thread has entered the work; false when it may not go on, and is for no other delivery. */
    boolean entered() {
        if (waitsForThread) {
            waitsForThread = false;
            startClocks();
        }
        return kept().mayWork() || (batch != null && batch.skipsLost());
    }

    private void limitTry() {
        Duration timeout = failures().settings().handlerTimeout();
        if (timeout != null) {
            setAlarm(Alarm.TIMEOUT, Span.nanos(timeout));
        }
    }

    /** Makes a new try, to be run on the user scheduler. */
    Execution nextTry() {
        Execution next = new Execution(this);
        execution = next;
        return next;
    }

    /** Tells whether no try is under way. */
    boolean isIdle() {
        Execution present = execution;
        return present == null || present.hasEnded();
    }

    @Nullable
    Ending ending() {
        return ending;
    }

    /** Hears that the delivery is over, also where no end of a try tells the stages so. In the dispatcher. */
    void closed(Outcome how) {
        stages.closed(delivery.handout(), how, client().now());
    }

    int tries() {
        return tries;
    }

    List<String> operators() {
        Execution present = execution;
        return present == null ? List.of() : present.operators();
    }

    @Nullable
    Thread thread() {
        return thread;
    }

    void runsOn(@Nullable Thread runner) {
        thread = runner;
    }

    /** Publishes as a part of this run: under its lease, and with an id that is derived of the message. */
    Mono<PublishReceipt> publish(Message derived, @Nullable String name) {
        Message encoded = encoded(derived);
        Message identified = encoded.id(derivedId(encoded, name));

        Mono<PublishReceipt> gated = client().publisher().gated(kept()::mayWork).publish(identified);
        return delivery.lease().track(gated).next();
    }

    private Message encoded(Message derived) {
        try {
            return client().codecs().encoded(derived);
        } catch (MessagingException failed) {
            FatalErrors.handOn(failed.getCause() == null ? failed : failed.getCause());
            throw failed;
        }
    }

    // That of a message that the present try publishes; one that the user gave it stays.
    private MessageId derivedId(Message message, @Nullable String name) {
        Execution present = execution;
        if (message.id().isPresent() || present == null) {
            return message.id().orElseThrow(() -> Execution.noPublisher(delivery.topic()));
        }

        String source = delivery.id()
                .map(MessageId::value)
                .orElseGet(() -> delivery.ref().toString());
        DerivedIds ids = present.derived(context().group(), delivery.topic() + ' ' + source);

        return name == null ? ids.next(message) : ids.named(name, message.topic());
    }

    boolean childStarted() {
        Execution present = execution;
        return present != null && present.enter();
    }

    void childEnded() {
        Execution present = execution;
        if (present != null) {
            present.exit();
        }
    }

    /** Tells whether the try that is under way was cancelled. */
    boolean isCancelled() {
        Execution present = execution;
        return present != null && present.stop() != Execution.Stop.NONE;
    }

    /** Cancels the try that is under way. */
    void cancel(Execution.Stop why) {
        if (why.givesBack()) {
            released = true;
        }
        Execution present = execution;
        if (why == Execution.Stop.LOST && batch != null && batch.goesOnWithout(this, present)) {
            return;
        }
        if (present != null) {
            present.cancel(why);
        }
        if (why != Execution.Stop.RELEASE) {
            return;
        }

        if (withdraw(Alarm.RETRY)) {
            settle(Ending.RELEASED, SettleVerb.NAK, 0, null);
        } else if (!releaseWaiting() && !isIdle()) {
            setAlarm(Alarm.PATIENCE, kept().terms().nakPatienceNanos());
        }
    }

    /** Gives its message back if it waits for the others of its batch; true when it did. In the dispatcher. */
    boolean releaseWaiting() {
        boolean waits = batch != null && batch.leavesQueue(delivery);
        if (waits) {
            released = true;
            settle(Ending.RELEASED, SettleVerb.NAK, 0, null);
        }
        return waits;
    }

    private void setAlarm(Alarm kind, long delayNanos) {
        alarm = kind;
        kept().alarmAt(client().now() + delayNanos);
    }

    /** Clears the alarm of the try that has ended. */
    void clearAlarm() {
        if (alarm != Alarm.NONE) {
            alarm = Alarm.NONE;
            kept().alarmAt(Long.MAX_VALUE);
        }
    }

    // True when this call withdrew it, and it was set for this.
    private boolean withdraw(Alarm kind) {
        return ALARM.compareAndSet(this, kind, Alarm.NONE);
    }

    // The end of the try sets the next alarm, perhaps while this one rings: only what is still set is taken.
    private Alarm takeAlarm() {
        Alarm due = alarm;
        boolean taken = ALARM.compareAndSet(this, due, due == Alarm.TIMEOUT ? Alarm.PATIENCE : Alarm.NONE);
        return taken ? due : Alarm.NONE;
    }

    void alarm(long now) {
        switch (takeAlarm()) {
            case TIMEOUT -> {
                kept().alarmAt(client().now() + kept().terms().nakPatienceNanos());
                cancel(Execution.Stop.TIMEOUT);
            }
            case PATIENCE -> giveBackUnended();
            case RETRY -> client().users().execute(nextTry());
            case NAK_TAIL -> cancel(Execution.Stop.LOST);
            case NONE -> {}
        }
    }

    void nakWritten() {
        if (batch != null && batch.goesOnWithout(this, execution)) {
            return;
        }
        // An alarm comes at the next tick; this one must not come late.
        setAlarm(Alarm.NAK_TAIL, kept().terms().budgetNanos() - LeaseTerms.TICK_NANOS);
    }

    // An orphan keeps slot and lane, but not the message: it goes back with a delay of at least 2J. Not what goes on
    // alone when the batch has ended: it has not had its turn.
    private void giveBackUnended() {
        Execution present = execution;
        if (present == null || present.hasEnded()) {
            return;
        }
        boolean timedOut = present.stop() == Execution.Stop.TIMEOUT;
        if (!timedOut || batch == null || !batch.goesOnAloneAfter(present)) {
            kept().settle(SettleVerb.NAK, timedOut ? delivery.backoffNanos() : releasePauseNanos(), null);
        }
    }

    // What a pipeline dropped that goes on, it will drop again.
    private long releasePauseNanos() {
        Execution present = execution;
        boolean abandoned = present != null && present.stop() == Execution.Stop.ABANDONED;
        return abandoned ? delivery.backoffNanos() : 0;
    }

    private void release() {
        settle(Ending.RELEASED, SettleVerb.NAK, releasePauseNanos(), null);
    }

    // ---- one try

    @Override
    public @Nullable Publisher<?> open(Execution present) {
        disposition = null;
        KeptLease lease = kept();
        boolean goes = tries > 0 ? lease.isHeld() : lease.mayStart() && delivery.mayBegin();
        if (!goes || released || !mayPass() || isPartOfOneWork()) {
            return null;
        }

        tries++;
        delivery.prepare();
        begins(blocking, true);
        if (!lease.state().isOpen()) {
            return null;
        }

        return ContextPropagation.publisher(work, delivery, context().group());
    }

    private boolean isPartOfOneWork() {
        return batch != null && batch.isOneWork();
    }

    /** Tells whether all stages let it go on now; one that refuses throws. */
    boolean mayPass() {
        return stages.pass(delivery.handout(), client().now());
    }

    @Override
    public void emitted(Object element) {
        kept().progress();
        if (element instanceof Disposition decided) {
            disposition = decided;
        }
    }

    @Override
    public Context workContext() {
        MonoSink<Outcome> told = waiter();
        Context downstream = told == null || batch != null
                ? context().receiver().subscriberContext()
                : ContextPropagation.forWork(Context.of(told.contextView()));
        return stages.addTo(downstream.put(Lease.class, kept().handle()));
    }

    @Override
    public @Nullable Mono<Void> releaseBound() {
        return kept().releaseBound();
    }

    @Override
    public void runCancel(Runnable cancel) {
        client().keeper().cancels().execute(cancel);
    }

    // ---- its end

    @Override
    public void ended(Execution over) {
        clearAlarm();
        boolean deferred = stages.deferNanos() > 0 && !isPartOfOneWork() && !released;
        if (deferred && kept().state() == LeaseState.HELD && over.stop() == Execution.Stop.NONE) {
            tryAgainIn(stages.deferNanos());
            return;
        }
        decide(over);
    }

    @Override
    public void undecided(Throwable thrown) {
        client().recorder().fault(thrown);
        if (ending == null) {
            tellFailure(false, MessagingException.codeOf(thrown), thrown, delivery.backoffNanos());
            nak(MessagingException.codeOf(thrown), thrown, delivery.backoffNanos());
        } else {
            delivery.review();
        }
    }

    /** Decides what the end of a try means for this message, whatever user code that is asked about it throws. */
    void decide(Execution over) {
        try {
            decideBy(over);
        } catch (Throwable thrown) {
            undecided(thrown);
            FatalErrors.handOn(thrown);
        }
    }

    private void decideBy(Execution over) {
        if (kept().state() != LeaseState.HELD) {
            Ending before = Ending.decidedBefore(kept(), over);
            if (before.kind() == Outcome.Kind.NAKED) {
                ErrorCode code = before.code() == null ? ErrorCode.HANDLER_FAILED : before.code();
                boolean timedOut = code == ErrorCode.HANDLER_TIMEOUT && before.error() == null;
                givenBackBefore(code, timedOut ? failures().timeoutError() : before.error());
            }
            conclude(before);
            return;
        }

        Throwable error = over.error();
        switch (over.result()) {
            case COMPLETED -> completed();
            case FAILED -> failed(error == null ? Execution.noPublisher(delivery.topic()) : error);
            case CANCELLED -> cancelled(over.stop());
        }
    }

    private void cancelled(Execution.Stop why) {
        switch (why) {
            case TIMEOUT -> failed(failures().timeoutError());
            case NONE, LOST, RELEASE, ABANDONED -> release();
        }
    }

    private void completed() {
        Disposition decided = disposition;
        if (decided == null || decided.kind() == Disposition.Kind.ACK) {
            settle(Ending.ACKED, SettleVerb.ACK, 0, null);
            return;
        }

        switch (decided.kind()) {
            case NAK -> giveBack(ErrorCode.HANDLER_FAILED, decided.reason(), null, decided.delay());
            case TERMINATE -> settle(Ending.TERMINATED, SettleVerb.TERMINATE, 0, decided.reason());
            case DEAD_LETTER, ACK -> deadLetter(failures().letters(), ErrorCode.HANDLER_FAILED, decided.reason(), null);
        }
    }

    private void failed(Throwable error) {
        ErrorCode code = MessagingException.codeOf(error);
        RetryPolicy retry = failures().settings().handlerRetry();
        boolean refused = error instanceof StageRefusedException;

        if (HOPELESS.contains(code) || failures().isOwed(delivery.handout())) {
            hopeless(code, error);
        } else if (!refused && !failures().isRetryable(error)) {
            deadLetter(failures().letters(), code, Ending.textOf(error), error);
        } else if (refused) {
            refusedByStage(code, error);
        } else if (tries <= retry.retries()
                && !isPartOfOneWork()
                && context().receiver().mayRetry()) {
            tryAgainIn(retry.backoff().delayNanos(tries, client().random()));
        } else {
            giveBack(code, Ending.textOf(error), error, null);
        }
    }

    // Not a failure of the message, but the broker counts the delivery.
    private void refusedByStage(ErrorCode code, Throwable error) {
        DeadLetters letters = failures().letters();
        if (letters != null && isLast()) {
            deadLetter(letters, code, Ending.textOf(error), error);
        } else {
            nak(code, error, delivery.backoffNanos());
        }
    }

    private boolean isLast() {
        return failures().isLast(delivery.handout());
    }

    // A release that comes before the alarm is set finds none to withdraw: it is looked for again.
    private void tryAgainIn(long nanos) {
        setAlarm(Alarm.RETRY, nanos);
        if (released && withdraw(Alarm.RETRY)) {
            release();
        } else {
            delivery.review();
        }
    }

    // To try again now is of no use. Nobody has decided that the message may be thrown away: without a dead-letter
    // topic it is kept.
    private void hopeless(ErrorCode code, Throwable error) {
        DeadLetters letters = failures().letters();
        if (letters != null) {
            deadLetter(letters, code, Ending.textOf(error), error);
            return;
        }

        Backoff pauses = failures().settings().redelivery();
        long pause = code == ErrorCode.NEVER_FINISHED ? pauses.maxNanos() : delivery.backoffNanos();
        tellFailure(true, code, error, pause);
        nak(code, error, pause);
    }

    // The last failure that the consumer or the broker allows does not go back to the broker, but to the dead-letter
    // topic if there is one.
    private void giveBack(ErrorCode code, @Nullable String why, @Nullable Throwable error, @Nullable Duration delay) {
        int failures = failures().failures(delivery.handout());
        boolean enough = failures().isEnough(failures) || isLast();
        DeadLetters letters = failures().letters();
        if (enough && letters != null) {
            deadLetter(letters, code, why, error);
            return;
        }

        long pause = delay == null ? failures().pauseNanos(failures) : Span.nanos(delay);
        tellFailure(enough, code, error, pause);
        nak(code, error, pause);
    }

    // Of a message that goes on failing the first failure is told, and those from the last one that is allowed on. Of
    // one that is not tried again its end is told.
    private void tellFailure(boolean enough, ErrorCode code, @Nullable Throwable error, long pauseNanos) {
        Handout handout = delivery.handout();
        if (isLast()) {
            return;
        }

        if (enough) {
            context().reports().failed(MessagingEvent.Kind.KEEPS_FAILING, handout, code, error, pauseNanos);
        } else if (failures().hasNotFailed(handout)) {
            context().reports().failed(MessagingEvent.Kind.FAILED, handout, code, error, pauseNanos);
        }
    }

    // Given back before its work had ended, by the work itself or since that took too long to end: a failure like any
    // other. There is no lease any more for a dead letter, so the next delivery brings it.
    private void givenBackBefore(ErrorCode code, @Nullable Throwable error) {
        boolean enough = failures().isEnough(failures().failures(delivery.handout()));
        if (enough && failures().letters() != null) {
            failures().owe(delivery.handout(), code);
        } else {
            tellFailure(enough, code, error, 0);
        }
    }

    private void nak(ErrorCode code, @Nullable Throwable error, long delayNanos) {
        settle(new Ending(Outcome.Kind.NAKED, code, error), SettleVerb.NAK, delayNanos, null);
    }

    // Where letters go is looked at once: settings that take the topic away meanwhile must not throw a message away.
    private void deadLetter(
            @Nullable DeadLetters letters, ErrorCode code, @Nullable String reason, @Nullable Throwable error) {
        if (letters == null) {
            settle(new Ending(Outcome.Kind.TERMINATED, code, error), SettleVerb.TERMINATE, 0, reason);
            return;
        }

        letters.send(delivery.handout(), kept()::isHeld, code, reason)
                .contextWrite(workContext())
                .subscribe(
                        sent -> settle(new Ending(Outcome.Kind.DEAD_LETTERED, code, error), SettleVerb.ACK, 0, null),
                        refused -> letterFailed(letters, refused));
    }

    // What can never be a letter would come again for ever: it ends here, where its outcome and an event tell of it.
    private void letterFailed(DeadLetters letters, Throwable refused) {
        ErrorCode code = ErrorCode.DEAD_LETTER_FAILED;
        if (DeadLetters.isHopeless(refused)) {
            settle(
                    new Ending(Outcome.Kind.TERMINATED, code, refused),
                    SettleVerb.TERMINATE,
                    0,
                    "its dead letter is refused");
        } else {
            int enough = failures().settings().maxDeliveries();
            int more = failures().failures(delivery.handout()) - enough;
            nak(code, refused, letters.delayNanos(more + 1));
        }
    }

    private void settle(Ending how, SettleVerb verb, long delayNanos, @Nullable String reason) {
        kept().workEnded();
        ending = how;
        stages.exit(delivery.handout(), how, client().now());
        if (!kept().settle(verb, delayNanos, reason)) {
            delivery.review();
        }
    }

    private void conclude(Ending how) {
        kept().workEnded();
        ending = how;
        stages.exit(delivery.handout(), how, client().now());
        delivery.review();
    }

    private RunContext<T> context() {
        return delivery.context();
    }

    private ConsumeContext client() {
        return context().client();
    }

    private FailureRules failures() {
        return context().failures();
    }

    KeptLease kept() {
        return delivery.kept();
    }
}
