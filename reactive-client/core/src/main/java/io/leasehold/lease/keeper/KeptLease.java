package io.leasehold.lease.keeper;

import io.leasehold.lease.FencingToken;
import io.leasehold.lease.Lease;
import io.leasehold.lease.LeaseGrant;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseState;
import io.leasehold.lease.LeaseTerms;
import io.leasehold.lease.LeaseView;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.SettlementLevel;
import io.leasehold.lease.TouchMode;
import io.leasehold.message.Message;
import io.leasehold.pace.FatalErrors;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * Holds a lease as its keeper, its owner and its broker see it: the {@link SettleItem} on the way to the broker, the
 * node in the keeper's wheel, and what recorders look at, in one object. The user's {@link Lease} is a handle on it.
 *
 * <p>Gate, not timer: each step that is visible outside reads the clock first and ends the lease itself when its
 * deadline has passed. The steps of the state and the instants are those of {@link LeaseClock}; their effects, on
 * whoever waits, are here.
 *
 * <p>There may be a million leases. Each takes 152 bytes on a 64-bit JVM with compressed references, one of which is
 * free; the next field beyond those costs 8:
 *
 * <pre>
 *     0  header 12 | position 4                                                  the node in wheel and inbox
 *    16  tick 8 | queued 4 | previous 4 | next 4 | inboxNext 4
 *    40  baseNanos 8 | deadlineNanos 8 | alarmNanos 8 | writtenAtNanos 8         the word and the instants
 *    72  leaseNanosMax 8 | atLatestNanos 8 | touchedNanos 8
 *    96  word 4 | confirmed 1 | postponed 1 | progressed 1 | touchedForProgress 1 | work 4 | terms 4
 *   112  startedNanos 8 | touches 4 | heldTooLong 1 | retired 1 | threw 1 | free 1       whom it concerns
 *   128  keeper 4 | owner 4 | grant 4 | policy 4 | handle 4 | manner 4
 * </pre>
 */
public final class KeptLease extends LeaseClock implements LeaseView, SettleItem {
    private static final AtomicIntegerFieldUpdater<KeptLease> TOUCHES =
            AtomicIntegerFieldUpdater.newUpdater(KeptLease.class, "touches");
    private static final AtomicReferenceFieldUpdater<KeptLease, LeaseHandle> HANDLE =
            AtomicReferenceFieldUpdater.newUpdater(KeptLease.class, LeaseHandle.class, "handle");

    private static final long OFFER_AGAIN_NANOS = 100_000_000L;
    private static final long PATIENCE_NANOS_MIN = 60_000_000_000L;

    private final LeaseKeeper keeper;
    private final LeaseOwner owner;
    private final LeaseGrant grant;
    private final LeasePolicy policy;
    private volatile @Nullable LeaseHandle handle;
    private volatile Manner manner = Manner.PLAIN;
    private volatile long startedNanos = NEVER;
    private volatile int touches;
    private volatile boolean progressed;
    private volatile boolean touchedForProgress;
    private volatile boolean heldTooLong;
    private volatile boolean retired;
    private volatile boolean threw;

    KeptLease(LeaseKeeper keeper, LeaseGrant grant, LeaseTerms terms, LeasePolicy policy, LeaseOwner owner) {
        super(terms, grant.anchorNanos());
        this.keeper = keeper;
        this.owner = owner;
        this.grant = grant;
        this.policy = policy;
        touchBy(grant.touchByNanos());
    }

    /**
     * How a lease is settled, beside the verb.
     *
     * @param heldBack whether it is a nak that the broker cannot delay
     * @param untilNanos when that is written; {@link #NEVER} once it was offered to the broker, and for all others
     */
    private record Manner(long delayNanos, @Nullable String reason, boolean heldBack, long untilNanos) {
        private static final Manner PLAIN = new Manner(0, null, false, NEVER);

        static Manner of(long delayNanos, @Nullable String reason) {
            return delayNanos == 0 && reason == null ? PLAIN : new Manner(delayNanos, reason, false, NEVER);
        }

        static Manner heldBack(long untilNanos, @Nullable String reason) {
            return new Manner(0, reason, true, untilNanos);
        }
    }

    // ---- the owner's side

    /** Gives whoever opened the lease. */
    public LeaseOwner owner() {
        return owner;
    }

    /** Gives the grant that the lease came from. */
    public LeaseGrant grant() {
        return grant;
    }

    /** Says how long one run may hold this lease; {@link Long#MAX_VALUE} for no limit. */
    public long maxHoldNanos() {
        return policy.maxHoldNanos();
    }

    /** Tells that work starts: from here on {@code maxHold} counts, unless it did already. */
    public void workStarted() {
        setWork(Work.RUNNING);
        long now = now();
        if (!hasStarted()) {
            startedNanos = now;
        }
        keeper.arm(this);
    }

    /** Tells that the work has ended; naks no longer need a delay. */
    public void workEnded() {
        setWork(Work.ENDED);
    }

    /** Tells that the delivery was handed out and nobody has attached work yet: the lease is not touched. */
    public void unattended() {
        setWork(Work.UNATTENDED);
    }

    /** Has a lease that waits for somebody to attach work be kept by touches; else does nothing. */
    public void keptWithoutWork() {
        if (keepUnattended()) {
            keeper.arm(this);
        }
    }

    /** Sets the owner's alarm, which is called at the instant, once; {@link Long#MAX_VALUE} for never. */
    public void alarmAt(long at) {
        setAlarm(at);
        if (at != NEVER) {
            keeper.arm(this);
        }
    }

    /** Has the keeper forget the lease: nothing more will happen to it. */
    public void retire() {
        retired = true;
        keeper.arm(this);
    }

    /** Settles the lease for its owner; true when this call decided it. */
    public boolean settle(SettleVerb verb, long delay, @Nullable String why) {
        long now = now();
        if (!holdsAt(now)) {
            return false;
        }
        boolean working = work() == Work.RUNNING && verb == SettleVerb.NAK;
        if (verb == SettleVerb.NAK && !(nakAllowed(now) && (!working || workMayEnd(now)))) {
            return runsOut();
        }
        if (!settle(verb)) {
            return false;
        }

        long pause = working ? Math.max(delay, terms().nakDelayNanosMin()) : delay;
        if (pause > 0 && verb == SettleVerb.NAK && !terms().rules().delaysNaks()) {
            holdBack(now, pause, why);
            return true;
        }

        manner = Manner.of(pause, why);
        offer();
        return true;
    }

    // One whose port throws must not keep others from being settled: it is offered again like one without room. What
    // was written before that is repeated as ever.
    private void offer() {
        try {
            grant.settlement().settle(this);
        } catch (Throwable thrown) {
            threw(thrown);
            if (state() == LeaseState.SETTLING) {
                postponed();
            }
        }
    }

    // Told once for each lease: there may be many tries.
    private void threw(Throwable thrown) {
        if (!threw) {
            threw = true;
            keeper.reporter().fault(thrown);
        }
        FatalErrors.handOn(thrown);
    }

    private boolean nakAllowed(long now) {
        return policy.naks() && now < nakDeadlineNanos();
    }

    // Where a nak is held back in the broker's place, work is to have ended before it is written at the latest.
    private boolean workMayEnd(long now) {
        long latest = terms().rules().delaysNaks() ? NEVER : heldBackAtMost();
        return latest == NEVER || now + terms().nakDelayNanosMin() <= latest;
    }

    // In the broker's place: kept by touches, and given back when the pause is over; what no touch extends in time for
    // its nak. Work that goes on ends as if the nak were written now.
    private void holdBack(long now, long pause, @Nullable String why) {
        setWrittenAt(now);
        manner = Manner.heldBack(Math.min(now + pause, heldBackAtMost()), why);

        if (work() == Work.RUNNING) {
            owner.nakWritten(now);
        }
        keeper.arm(this);
        promised();
        owner.nakHeldBack();
    }

    private long heldBackAtMost() {
        if (!grant.leaseTime().renewable()) {
            return nakDeadlineNanos() - 2 * LeaseTerms.TICK_NANOS;
        }

        LeaseTerms terms = terms();
        long last = terms.lastAnchor(grant.anchorNanos());
        return last == NEVER ? NEVER : terms.nakDeadline(last, terms.workDeadline(last)) - 2 * LeaseTerms.TICK_NANOS;
    }

    /** Tells whether a nak is held back, or was and has no answer yet: the broker cannot delay it. */
    public boolean isHeldBack() {
        return manner.heldBack() && state().isOpen();
    }

    /** Writes a nak that is held back without waiting any longer; else does nothing. */
    public void writeHeldBack() {
        if (takeHeldBack(NEVER)) {
            offer();
        }
    }

    // Two threads may offer it at once: the gate lets one nak pass.
    private boolean takeHeldBack(long now) {
        Manner present = manner;
        boolean due = present.untilNanos() != NEVER && now >= present.untilNanos();
        if (due) {
            manner = Manner.heldBack(NEVER, present.reason());
        }
        return due;
    }

    /** Tells whether work may go on and publish: held, or settled by the work itself. Ends a lease that has expired. */
    public boolean mayWork() {
        long now = now();
        return switch (state()) {
            case HELD -> notExpired(now);
            case SETTLING -> notExpired(now) && !(manner.heldBack() && isGivenUp(now));
            case WRITTEN -> notExpired(now) && !isGivenUp(now);
            case SETTLED -> !isGivenUp(now) && (isConfirmed() || now < deadlineNanos());
            case UNKNOWN, LOST -> false;
        };
    }

    /** Tells whether enough time is left to start work; if not, the lease is left to run out. */
    public boolean mayStart() {
        long now = now();
        boolean held = holdsAt(now) && !manner.heldBack();
        return held && (deadlineNanos() - now >= terms().startNanosMin() || deadOnArrival());
    }

    private boolean deadOnArrival() {
        keeper.reporter().deadOnArrival(this);
        return runsOut();
    }

    private boolean runsOut() {
        lose(LeaseLoss.RUN_OUT);
        return false;
    }

    /** Tells whether the lease is held now; ends one that has expired. */
    public boolean isHeld() {
        LeaseState state = state();
        boolean givenUp = manner.heldBack() || (state == LeaseState.WRITTEN && decided() == SettleVerb.NAK);
        return state.isOpen() && !givenUp && notExpired(now());
    }

    /** Tells that the work goes on, in the words of the user. */
    public void progress() {
        progressed = true;
    }

    /**
     * Tells whether the lease is touched for progress only, and there was none since the touch before the last one was
     * due.
     */
    public boolean lacksProgress() {
        return policy.touchMode() == TouchMode.PROGRESS && work() == Work.RUNNING && !progressed && !touchedForProgress;
    }

    // ---- the user's handle

    /** Gives the user's handle on this lease; always the same one. */
    public Lease handle() {
        if (handle == null) {
            HANDLE.compareAndSet(this, null, new LeaseHandle(this, keeper));
        }
        return Objects.requireNonNull(handle);
    }

    /** Releases what was bound; completes when that is done. Null when nothing was. */
    public @Nullable Mono<Void> releaseBound() {
        LeaseHandle told = handle;
        return told == null ? null : told.releaseBound();
    }

    /** Reports what a resource of the user threw. */
    void reportFault(Throwable error) {
        keeper.reporter().fault(error);
    }

    /** Has something done on the cancel executor when nobody waits any longer, unless it is disposed of before. */
    Disposable afterPatience(Runnable step) {
        long due = now() + Math.max(PATIENCE_NANOS_MIN, 2 * terms().leaseNanos());
        return keeper.at(due).subscribe(told -> {}, failed -> {}, () -> {
            // Not when the keeper has stopped: with a client that is closed nobody waits for anything.
            if (now() - due >= 0) {
                keeper.cancels().execute(step);
            }
        });
    }

    // ---- what recorders look at

    @Override
    public String group() {
        return owner.group();
    }

    @Override
    public @Nullable Message message() {
        return owner.message();
    }

    @Override
    public @Nullable FencingToken token() {
        return grant.token();
    }

    @Override
    public int deliveryCount() {
        return grant.deliveryCount();
    }

    @Override
    public long startedNanos() {
        return startedNanos;
    }

    /** Tells whether work was started. */
    public boolean hasStarted() {
        return startedNanos != NEVER;
    }

    @Override
    public int touches() {
        return touches;
    }

    // ---- the broker's side: settlements

    @Override
    public Object receipt() {
        return grant.receipt();
    }

    @Override
    public SettleVerb verb() {
        return decided();
    }

    @Override
    public long delayNanos() {
        return manner.delayNanos();
    }

    @Override
    public @Nullable String reason() {
        return manner.reason();
    }

    @Override
    public boolean isRelease() {
        return decided() == SettleVerb.NAK && (work() == Work.WAITING || work() == Work.UNATTENDED);
    }

    // Work that goes on has a deadline until the broker has answered, and a nak is never left without a proof.
    @Override
    public boolean wantsAnswer() {
        boolean waits = policy.level() == SettlementLevel.CONFIRMED || decided() == SettleVerb.NAK;
        return terms().rules().answersAll() && (waits || work() == Work.RUNNING);
    }

    @Override
    public boolean isOpen() {
        return state().isOpen();
    }

    @Override
    public boolean tryWrite() {
        long now = now();
        // In this order: the verb is decided together with the state.
        LeaseState state = state();
        SettleVerb verb = decided();
        if (state == LeaseState.WRITTEN) {
            return verb != SettleVerb.NAK && now < settleByNanos();
        }
        if (state != LeaseState.SETTLING) {
            return false;
        }
        if (now >= settleByNanos()) {
            lose(verb == SettleVerb.NAK ? LeaseLoss.RUN_OUT : LeaseLoss.EXPIRED);
            return false;
        }

        boolean wasHeldBack = manner.heldBack();
        if (!wasHeldBack) {
            setWrittenAt(now);
        }
        if (!advance(LeaseState.SETTLING, LeaseState.WRITTEN)) {
            return false;
        }

        if (verb == SettleVerb.NAK && work() == Work.RUNNING && !wasHeldBack) {
            owner.nakWritten(now);
        }
        keeper.arm(this);
        return true;
    }

    @Override
    public void postponed() {
        offerAt(now() + OFFER_AGAIN_NANOS);
        keeper.arm(this);
    }

    // A nak gives the message to others: whether it arrived is never left open.
    @Override
    public void written() {
        boolean enough = policy.level() == SettlementLevel.WRITTEN && decided() != SettleVerb.NAK;
        if (enough || !terms().rules().answersAll()) {
            answered(SettleAnswer.DONE);
        }
    }

    // Asked at the deadline as everything is: by then somebody else may hold the message, whatever the broker did
    // with ours, and work that goes on must not take it for settled.
    @Override
    public void done() {
        boolean inTime = now() < deadlineNanos();
        if (inTime && terms().rules().answersProve()) {
            confirm();
        }

        boolean told = answered(inTime ? SettleAnswer.DONE : SettleAnswer.UNKNOWN);
        if (!inTime || (!told && policy.level() == SettlementLevel.CONFIRMED)) {
            keeper.reporter().lateAnswer(this);
        }
    }

    @Override
    public void refused(LeaseLoss why) {
        boolean unwritten = why == LeaseLoss.CONNECTION_LOST && lose(LeaseState.SETTLING, why);
        if (unwritten || lose(LeaseState.WRITTEN, why)) {
            ended(why);
            return;
        }

        keeper.reporter().lateAnswer(this);
        if (state() == LeaseState.SETTLED && !terms().rules().answersAll()) {
            refusedAfterItWasDone();
        }
    }

    // Where only errors are answered: it was done when it was written, and now it is not.
    private void refusedAfterItWasDone() {
        expireNow(now());
        if (isUnproved()) {
            workUnproved();
        }
    }

    private boolean answered(SettleAnswer how) {
        boolean won = advance(LeaseState.WRITTEN, how == SettleAnswer.DONE ? LeaseState.SETTLED : LeaseState.UNKNOWN);
        if (won) {
            settled(how);
        }
        return won;
    }

    // ---- the broker's side: touches, and what becomes of the lease itself

    /** Passes a touch through its gate: held, and not yet written. */
    boolean mayTouch() {
        return holdsAt(now());
    }

    /** Counts a touch that is sent. */
    void countTouch() {
        TOUCHES.incrementAndGet(this);
    }

    /** Takes the answer to a touch that was sent at an instant; it counts only before the present deadline. */
    boolean touchConfirmed(long sentAt, long leaseNanos) {
        LeaseState state = state();
        boolean open = state == LeaseState.HELD || state == LeaseState.SETTLING;
        boolean inTime = open && now() < deadlineNanos();
        keeper.reporter().touchAnswered(this, inTime);

        // Once it is to be written the deadline stands: what cannot be written ends.
        boolean keeps = state == LeaseState.HELD || isWaitingToBeGivenBack();
        boolean renews = keeps && grant.leaseTime().renewable();
        if (inTime && renews && renew(grant.anchorNanos(), sentAt, leaseNanos)) {
            keeper.arm(this);
        }
        return inTime;
    }

    void touchRefused(LeaseLoss why) {
        lose(why);
    }

    /** Shortens the lease: the broker lends for less from now on, and has done so for what is held, too. */
    public void shorten(long leaseNanos) {
        if (state().isOpen() && curtail(leaseNanos)) {
            keeper.arm(this);
        }
    }

    /** Has the lease touched at once, if it is held and touched at all. */
    public void touchSoon() {
        touchBy(now());
        keeper.arm(this);
    }

    /**
     * Ends the lease with the connection that it belonged to: the broker may hand the message out. Whether the broker
     * has heard of what was written is not known, and work that goes on has no lease any more.
     */
    public void connectionLost() {
        if (lose(LeaseLoss.CONNECTION_LOST)) {
            return;
        }

        expireNow(now());
        if (advance(LeaseState.WRITTEN, LeaseState.UNKNOWN)) {
            settled(SettleAnswer.UNKNOWN);
        } else if (state() == LeaseState.SETTLED && isUnproved()) {
            workUnproved();
        }
    }

    // Settled, as far as anybody waits for it, but the broker has not said so, and will not before its end.
    private void workUnproved() {
        setWork(Work.ENDED);
        owner.holdExceeded();
    }

    // ---- the keeper's side: what is due, and when

    @Override
    long dueNanos() {
        if (retired) {
            return NEVER;
        }

        long due = Math.min(alarmNanos(), holdUntilNanos());
        return switch (state()) {
            case HELD -> Math.min(due, Math.min(deadlineNanos(), touchDue()));
            case SETTLING -> Math.min(due, Math.min(Math.min(settleByNanos(), offerDue()), touchDue()));
            case WRITTEN -> Math.min(due, Math.min(deadlineNanos(), rewriteDue()));
            case SETTLED -> isUnproved() ? Math.min(due, deadlineNanos()) : due;
            case UNKNOWN, LOST -> due;
        };
    }

    private long holdUntilNanos() {
        boolean limited = policy.maxHoldNanos() != Long.MAX_VALUE && !heldTooLong && hasStarted();
        return limited ? startedNanos + policy.maxHoldNanos() : NEVER;
    }

    private long offerDue() {
        return Math.min(offerAgainNanos(), manner.untilNanos());
    }

    private long touchDue() {
        boolean wanted = policy.touchMode() != TouchMode.NEVER && work() != Work.UNATTENDED;
        boolean touching = grant.leaseTime().renewable() && (wanted || isWaitingToBeGivenBack());
        return touching ? nextTouchNanos() : NEVER;
    }

    private boolean isWaitingToBeGivenBack() {
        return manner.untilNanos() != NEVER;
    }

    @Override
    void due(long now) {
        if (retired) {
            return;
        }

        if (takeAlarm(now)) {
            owner.alarm(now);
        }
        if (now >= holdUntilNanos()) {
            heldTooLong = true;
            holdExceeded();
        }
        dueInState(now);
    }

    private void holdExceeded() {
        if (lose(LeaseState.HELD, LeaseLoss.MAX_HOLD)) {
            ended(LeaseLoss.MAX_HOLD);
        } else {
            owner.holdExceeded();
        }
    }

    private void dueInState(long now) {
        switch (state()) {
            case HELD, SETTLING -> {
                boolean decided = state() == LeaseState.SETTLING;
                if (decided && now >= settleByNanos()) {
                    lose(decided() == SettleVerb.NAK ? LeaseLoss.RUN_OUT : LeaseLoss.EXPIRED);
                    return;
                }
                if (decided && (takeOffer(now) || takeHeldBack(now))) {
                    offer();
                }
                if (notExpired(now) && now >= touchDue()) {
                    sendTouch(now);
                }
            }
            case WRITTEN -> {
                if (notExpired(now) && now >= rewriteDue()) {
                    setWrittenAt(now);
                    offer();
                }
            }
            case SETTLED -> {
                if (isUnproved() && now >= deadlineNanos()) {
                    workUnproved();
                }
            }
            case UNKNOWN, LOST -> {}
        }
    }

    private void sendTouch(long now) {
        touchedAt(now);
        boolean wanted =
                policy.touchMode() != TouchMode.PROGRESS || work() != Work.RUNNING || progressed || manner.heldBack();
        touchedForProgress = wanted;
        if (wanted) {
            progressed = false;
            countTouch();
            keeper.reporter().touched(this);
            keeper.touchLater(grant.settlement(), Touch.silent(this, now));
        }
    }

    @Override
    void keeperStopped() {
        if (!retired && !lose(LeaseLoss.CLOSED)) {
            answered(SettleAnswer.UNKNOWN);
        }
    }

    // ---- gates

    long now() {
        return keeper.ticker().sureNanos();
    }

    boolean holdsAt(long now) {
        LeaseState state = state();
        return (state == LeaseState.HELD || state == LeaseState.SETTLING) && notExpired(now);
    }

    private boolean notExpired(long now) {
        if (now < deadlineNanos()) {
            return true;
        }

        if (!lose(LeaseLoss.EXPIRED) && advance(LeaseState.WRITTEN, LeaseState.UNKNOWN)) {
            unanswered();
        }
        return false;
    }

    // ---- effects of a step, by whoever won it: the recorder is told, then the user's handle, then the owner

    /** Ends the lease without settling; true when this call ended it. */
    public boolean lose(LeaseLoss why) {
        if (lose(LeaseState.HELD, why) || lose(LeaseState.SETTLING, why)) {
            ended(why);
            return true;
        }
        return false;
    }

    private void ended(LeaseLoss why) {
        keeper.reporter().lost(this, why);
        LeaseHandle told = handle;
        if (told != null) {
            told.lost(why);
        }
        owner.leaseLost(why);
    }

    private void unanswered() {
        if (decided() == SettleVerb.NAK && !terms().fenced()) {
            keeper.reporter().aborted(this);
            abort();
        }
        settled(SettleAnswer.UNKNOWN);
    }

    private void abort() {
        try {
            grant.settlement().abort();
        } catch (Throwable thrown) {
            threw(thrown);
        }
    }

    private void settled(SettleAnswer how) {
        keeper.reporter().settled(this, decided(), how);
        LeaseHandle told = handle;
        if (told != null) {
            told.settled(how);
        }
        owner.leaseSettled(decided(), how);
    }

    // What was decided is done for the user, although the broker is still to be told.
    private void promised() {
        LeaseHandle told = handle;
        if (told != null) {
            told.settled(SettleAnswer.DONE);
        }
    }
}
