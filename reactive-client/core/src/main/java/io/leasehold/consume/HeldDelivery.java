package io.leasehold.consume;

import io.leasehold.broker.Capabilities;
import io.leasehold.broker.Handout;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.Lease;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseState;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.keeper.KeptLease;
import io.leasehold.lease.keeper.LeaseOwner;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Is a delivery that this client holds, from its receipt until run and settlement have ended.
 *
 * <p>The stage belongs to the dispatcher. What happens elsewhere (a loss, an answer, an alarm, the end of the run) is
 * noted where it belongs, and the dispatcher is asked to look again.
 */
final class HeldDelivery<T> extends Registry.Entry implements Delivery<T>, LeaseOwner {
    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<HeldDelivery, Run> RUN =
            AtomicReferenceFieldUpdater.newUpdater(HeldDelivery.class, Run.class, "run");

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<HeldDelivery> IN_LINE =
            AtomicIntegerFieldUpdater.newUpdater(HeldDelivery.class, "inLine");

    /** A body that was decoded and is null. */
    private static final Object NULL = new Object();

    /** In place of a body, when its key could not be told. */
    private record Unfit(Throwable thrown) {}

    private final RunContext<T> context;
    private final Object ref;
    private final KeptLease lease;
    private DeliveryStage stage = DeliveryStage.NEW;
    private @Nullable String laneKey;
    private @Nullable HeldDelivery<T> successor;
    private volatile @Nullable Run<T> run;
    private volatile @Nullable Object body;
    private volatile boolean waitOver;

    @SuppressWarnings("UnusedVariable") // read and written through IN_LINE
    private volatile int inLine;

    private volatile HandOver handOver = HandOver.NONE;

    HeldDelivery(RunContext<T> context, Handout handout) {
        this.context = context;
        this.ref = Objects.requireNonNull(handout.ref(), "no ref");
        this.lease = context.leases().prepare(handout, this);
    }

    /** Has its lease kept, and itself looked at. */
    void begin() {
        context.leases().keep(lease);
        review();
    }

    /** Whether a pipeline has seen it. */
    private enum HandOver {
        NONE,
        PENDING,
        DONE,
        WITHHELD
    }

    // ---- for the dispatcher

    /** Gives what it shares with the other deliveries of its subscription. */
    RunContext<T> context() {
        return context;
    }

    /** Gives whoever hears of it: the subscription that it came for. */
    DeliveryReceiver<T> receiver() {
        return context.receiver();
    }

    @Override
    Object ref() {
        return ref;
    }

    /** Says where it stands. For the dispatcher, as all that is set in the same way. */
    DeliveryStage stage() {
        return stage;
    }

    void stage(DeliveryStage next) {
        stage = next;
    }

    @Nullable
    String laneKey() {
        return laneKey;
    }

    void laneKey(@Nullable String key) {
        laneKey = key;
    }

    /** Gives the newer delivery of its message that waits for its end, or null. */
    @Nullable
    HeldDelivery<T> successor() {
        return successor;
    }

    void successor(@Nullable HeldDelivery<T> newer) {
        successor = newer;
    }

    KeptLease kept() {
        return lease;
    }

    Handout handout() {
        return (Handout) lease.grant();
    }

    @Nullable
    Run<T> runOrNull() {
        return run;
    }

    /** Attaches the work; false when there is some already. */
    boolean attach(Run<T> newRun) {
        return RUN.compareAndSet(this, null, newRun);
    }

    /** Detaches work that will not be begun: other work may be attached. */
    void detach() {
        run = null;
    }

    /** Tells whether the wait for a lane or for the run before it has taken too long. */
    boolean hasWaitedTooLong() {
        return waitOver;
    }

    /** Ends the wait after a time. */
    void waitAtMost(long nanos) {
        waitOver = false;
        lease.alarmAt(context.client().now() + nanos);
    }

    /** Tells whether nothing of its work is under way. */
    boolean isIdle() {
        Run<T> present = run;
        return present == null || present.isIdle();
    }

    Run<T> currentRun() {
        return Objects.requireNonNull(run, "no work is attached");
    }

    /** Gives it back if it has a share of a slot and waits for the others of its batch. In the dispatcher. */
    void releaseWaiting() {
        Run<T> present = run;
        if (present != null) {
            present.releaseWaiting();
        }
    }

    /** Tells whether its end frees a slot: that of a batch is freed by the last of its members. */
    boolean freesSlot() {
        Run<T> present = run;
        BatchRun<T> batch = present == null ? null : present.batch();
        return batch == null || batch.memberClosed(this);
    }

    /** Tells whether its subscription and its message let it begin; errors when it is a case for a dead letter. */
    boolean mayBegin() {
        if (receiver().isEnding() || (receiver().isPaused() && !isUnderWay())) {
            return false;
        }
        context.failures().requireWorthy(handout(), lease);
        return true;
    }

    // What was handed to a pipeline is its own, and a batch that failed goes on with one member after the other.
    private boolean isUnderWay() {
        Run<T> present = run;
        BatchRun<T> batch = present == null ? null : present.batch();
        return handOver != HandOver.NONE || (batch != null && !batch.isOneWork());
    }

    /** Is the gate of a delivery that is handled with others: false when it must end by itself. */
    boolean mayOpen() {
        try {
            prepare();
            return lease.mayStart() && mayBegin() && currentRun().mayPass();
        } catch (Throwable unfit) {
            return false;
        }
    }

    /** Notes that its key could not be told: it fails when it is its turn. */
    void unfit(Throwable thrown) {
        body = new Unfit(thrown);
    }

    /** Decodes the body, once; throws when that or its key has failed. */
    void prepare() {
        Object present = body;
        if (present instanceof Unfit unfit) {
            throw Exceptions.propagate(unfit.thrown());
        }
        if (present == null) {
            T decoded = context.bodies().decode(message());
            body = decoded == null ? NULL : decoded;
        }
    }

    /** Gives the pause before the next delivery when this one did not fail, longer with each. */
    long backoffNanos() {
        return context.failures().pauseNanos(deliveryCount());
    }

    /** Says how it ended, once its lease and its work have. */
    Outcome outcome() {
        Run<T> present = run;
        return Ending.outcome(lease, present == null ? null : present.ending());
    }

    /** Says how it ended when nobody waits for its settlement any longer. */
    Outcome unanswered() {
        return lease.state().isOpen() ? Ending.unanswered(lease) : outcome();
    }

    /** Tells the outcome to whoever attached the work. In the dispatcher. */
    void tellOutcome() {
        Run<T> present = run;
        MonoSink<Outcome> waiter = present == null ? null : present.takeWaiter();
        if (waiter != null) {
            Outcome outcome = outcome();
            context.client().users().execute(() -> waiter.success(outcome));
        }
    }

    boolean isNewerThan(HeldDelivery<T> other) {
        FencingToken mine = lease.grant().token();
        FencingToken theirs = other.lease.grant().token();
        // Without tokens the order of receipt decides, and this one came later.
        return mine == null || theirs == null || mine.isNewerThan(theirs) || other.mayBeOfAnEarlierLife();
    }

    // Where tokens begin anew with their group, they say nothing about what has ended before.
    private boolean mayBeOfAnEarlierLife() {
        Capabilities can = context.client().session().capabilities();
        return can.tokens() != Capabilities.Tokens.IN_GROUP && !lease.state().isOpen();
    }

    /** Tells whether the broker's word of a newer delivery ends this one; null ends any. */
    boolean isOlderThan(@Nullable FencingToken newer) {
        FencingToken mine = lease.grant().token();
        return newer == null || mine == null || newer.isNewerThan(mine);
    }

    /** Notes that it is queued for a pipeline: until it is handed over or withheld it is not closed. */
    void handOverPending() {
        handOver = HandOver.PENDING;
    }

    boolean isHandOverPending() {
        return handOver == HandOver.PENDING;
    }

    /** Hands it to a pipeline, on the user scheduler: false when it must not be seen there. */
    boolean handOver() {
        try {
            prepare();
        } catch (Throwable thrown) {
            attach(new Run<>(this, same -> Mono.error(thrown)));
        }
        Run<T> failing = run;
        if (failing == null && lease.mayStart()) {
            lease.unattended();
            handOver = HandOver.DONE;
            review();
            return true;
        }

        handOver = HandOver.WITHHELD;
        if (failing == null) {
            review();
        } else {
            context.client().users().execute(failing.nextTry());
        }

        return false;
    }

    /** Hears that the pipeline threw when it was handed over: that is its end, unless work is attached to it. */
    void handOverFailed(Throwable thrown) {
        Run<T> failing = new Run<>(this, same -> Mono.error(thrown));
        if (attach(failing)) {
            context.client().users().execute(failing.nextTry());
        }
    }

    /** Hears that the pipeline is gone: it gets nothing any more. */
    void withhold() {
        handOver = HandOver.WITHHELD;
        discarded();
        review();
    }

    /** Tells whether it got a slot but was never seen by the pipeline. */
    boolean wasWithheld() {
        return handOver == HandOver.WITHHELD;
    }

    /** Gives it back, since nobody will attach work, unless somebody did before. */
    void discarded() {
        giveBackUnstarted(0);
    }

    /**
     * Hears that the pipeline has dropped it: as {@link #discarded}, but delivered again after a pause, since the
     * pipeline will drop it again. Not when it dropped it since it ends.
     */
    void abandoned() {
        boolean goesOn = receiver().isTaking();
        if (giveBackUnstarted(goesOn ? backoffNanos() : 0) && goesOn) {
            context.reports().report(MessagingEvent.Kind.ABANDONED, handout(), null);
        }
    }

    /** Says why work ends that a user's pipeline has cancelled: that is told, unless the pipeline itself ends. */
    Execution.Stop cancelledByPipeline() {
        if (!receiver().isTaking()) {
            return Execution.Stop.RELEASE;
        }
        if (lease.state() == LeaseState.HELD) {
            context.reports().report(MessagingEvent.Kind.ABANDONED, handout(), null);
        }
        return Execution.Stop.ABANDONED;
    }

    private boolean giveBackUnstarted(long delayNanos) {
        boolean unattached = attach(new Run<>(this, same -> null));
        if (unattached) {
            lease.settle(SettleVerb.NAK, delayNanos, null);
        }
        return unattached;
    }

    /** Has the dispatcher look at it again. From any thread. */
    void review() {
        if (IN_LINE.compareAndSet(this, 0, 1)) {
            receiver().changed(this);
        }
    }

    // It leaves the line before it is looked at: what changes from here on puts it there again.
    @Override
    void take() {
        inLine = 0;
        receiver().look(this);
    }

    // ---- for the user

    // Null only where the type of the consumer takes it.
    @Override
    @SuppressWarnings({"unchecked", "NullAway"})
    public T body() {
        prepare();
        Object decoded = body;
        return decoded == NULL ? null : (T) Objects.requireNonNull(decoded);
    }

    @Override
    public Message message() {
        return handout().message();
    }

    @Override
    public Lease lease() {
        return lease.handle();
    }

    @Override
    public int deliveryCount() {
        return lease.grant().deliveryCount();
    }

    @Override
    public Mono<Outcome> settleBy(Publisher<?> work) {
        return Mono.create(told -> {
            Run.Told<T> run = new Run.Told<>(this, same -> work, work instanceof BlockingCall);
            run.tell(told);
            if (!attach(run)) {
                told.error(new MessagingException(
                        ErrorCode.ALREADY_SETTLED,
                        "work is attached to the delivery already",
                        context.group(),
                        "call settleBy once per delivery, and subscribe it once"));
                return;
            }

            told.onCancel(() -> run.cancel(cancelledByPipeline()));
            run.nextTry().run();
        });
    }

    @Override
    public Delivery<T> keep() {
        lease.keptWithoutWork();
        return this;
    }

    @Override
    public Mono<PublishReceipt> publish(Message derived) {
        return published(derived, null);
    }

    @Override
    public Mono<PublishReceipt> publish(String name, Message derived) {
        return published(derived, name);
    }

    private Mono<PublishReceipt> published(Message derived, @Nullable String name) {
        return Mono.defer(() -> {
            Run<T> present = run;
            return present == null ? Mono.error(noRun()) : present.publish(derived, name);
        });
    }

    private MessagingException noRun() {
        return new MessagingException(
                ErrorCode.LEASE_LOST,
                "a delivery publishes as a part of its run, and no work is attached to it",
                context.group(),
                "publish within a handler or settleBy, or through the client");
    }

    // ---- for its lease

    @Override
    public String group() {
        return context.group();
    }

    @Override
    public void leaseLost(LeaseLoss loss) {
        if (loss == LeaseLoss.MAX_HOLD) {
            context.reports().holdExceeded(handout(), Ending.holdError(lease));
        }
        cancel(Execution.Stop.LOST);
        review();
    }

    @Override
    public void leaseSettled(SettleVerb verb, SettleAnswer answer) {
        if (answer == SettleAnswer.UNKNOWN) {
            cancel(Execution.Stop.LOST);
        }
        review();
    }

    @Override
    public void holdExceeded() {
        cancel(Execution.Stop.LOST);
    }

    void cancel(Execution.Stop why) {
        Run<T> present = run;
        if (present != null) {
            present.cancel(why);
        }
    }

    @Override
    public void nakHeldBack() {
        review();
    }

    @Override
    public void nakWritten(long now) {
        Run<T> present = run;
        if (present != null) {
            present.nakWritten();
        }
    }

    @Override
    public void alarm(long now) {
        Run<T> present = run;
        if (present != null) {
            present.alarm(now);
        } else {
            waitOver = true;
            review();
        }
    }

    @Override
    public boolean childStarted() {
        Run<T> present = run;
        return present != null && present.childStarted();
    }

    @Override
    public void childEnded() {
        Run<T> present = run;
        if (present != null) {
            present.childEnded();
        }
    }

    /** Hears that the thread of a blocking handler is there; false when it must not go on. */
    boolean entered() {
        Run<T> present = run;
        return present == null || present.entered();
    }

    /** Notes on which thread a blocking handler runs now; null when it has left. */
    void runsOn(@Nullable Thread thread) {
        Run<T> present = run;
        if (present != null) {
            present.runsOn(thread);
        }
    }
}
