package io.leasehold.lease;

import io.leasehold.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * A lease as its keeper, its owner and its broker see it: the {@link SettleItem} on the way to the broker and the
 * node in the keeper's wheel, in one object. The user's {@link Lease} is a handle on it.
 *
 * <p>Gate, not timer: each step that is visible outside reads the clock first and ends the lease itself when its
 * deadline has passed.
 */
public final class KeptLease extends ToldLease implements LeaseView, SettleItem {
    private static final long OFFER_AGAIN_NANOS = 100_000_000L;

    private final LeaseGrant grant;
    private final LeasePolicy policy;
    private volatile Manner manner = Manner.PLAIN;
    private volatile boolean progressed;
    private volatile boolean touchedForProgress;
    private volatile boolean heldTooLong;
    private volatile boolean retired;

    KeptLease(LeaseKeeper keeper, LeaseGrant grant, LeaseTerms terms, LeasePolicy policy, LeaseOwner owner) {
        super(keeper, terms, grant.anchorNanos(), owner);
        this.grant = grant;
        this.policy = policy;
        touchBy(grant.touchByNanos());
    }

    /**
     * How it is settled, beside the verb.
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

    /** Work starts: from here on {@code maxHold} counts, unless it did already. */
    public void workStarted() {
        setWork(Work.RUNNING);
        begin(now());
        keeper.arm(this);
    }

    /** The work has ended; naks no longer need a delay. */
    public void workEnded() {
        setWork(Work.ENDED);
    }

    /** The delivery was handed out and nobody has attached work yet: it is not touched. */
    public void unattended() {
        setWork(Work.UNATTENDED);
    }

    /** The delivery was handed out, nobody has attached work yet, and it is kept by touches; else does nothing. */
    public void keptWithoutWork() {
        if (keepUnattended()) {
            keeper.arm(this);
        }
    }

    /** Calls the owner's alarm at the instant, once; {@link Long#MAX_VALUE} for never. */
    public void alarmAt(long at) {
        setAlarm(at);
        if (at != NEVER) {
            keeper.arm(this);
        }
    }

    /** Nothing more will happen to this lease: the keeper forgets it. */
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
        if (verb == SettleVerb.NAK && !nakAllowed(now)) {
            return runsOut();
        }
        if (!settle(verb)) {
            return false;
        }
        boolean working = work() == Work.RUNNING && verb == SettleVerb.NAK;
        long pause = working ? Math.max(delay, terms().nakDelayNanosMin()) : delay;
        if (pause > 0 && verb == SettleVerb.NAK && !terms().rules().delaysNaks()) {
            holdBack(now, pause, why);
            return true;
        }
        manner = Manner.of(pause, why);
        grant.settlement().settle(this);
        return true;
    }

    // In the broker's place: kept by touches, and given back when the pause is over; what no touch extends in time for
    // its nak. Work that goes on ends as if the nak were written now.
    private void holdBack(long now, long pause, @Nullable String why) {
        long latest = grant.leaseTime().renewable() ? NEVER : nakDeadlineNanos() - 2 * LeaseTerms.TICK_NANOS;
        setWrittenAt(now);
        manner = Manner.heldBack(Math.min(now + pause, latest), why);
        if (work() == Work.RUNNING) {
            owner().nakWritten(now);
        }
        keeper.arm(this);
        promised();
        owner().nakHeldBack();
    }

    /** Whether a nak is held back, or was and has no answer yet: the broker cannot delay it. */
    public boolean isHeldBack() {
        return manner.heldBack() && state().isOpen();
    }

    /** Writes a nak that is held back without waiting any longer; else does nothing. */
    public void writeHeldBack() {
        if (takeHeldBack(NEVER)) {
            grant.settlement().settle(this);
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

    @Override
    long heldBackUntilNanos() {
        return manner.untilNanos();
    }

    /** Whether work may go on and publish: held, or settled by the work itself. Ends it when it has expired. */
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

    /** Whether enough time is left to start work; if not, it is left to run out. */
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

    /** The grant that it came from. */
    public LeaseGrant grant() {
        return grant;
    }

    /** Whether it is held now; ends it when it has expired. */
    public boolean isHeld() {
        LeaseState state = state();
        boolean givenUp = manner.heldBack() || (state == LeaseState.WRITTEN && decided() == SettleVerb.NAK);
        return state.isOpen() && !givenUp && notExpired(now());
    }

    /** The user said that the work goes on. */
    public void progress() {
        progressed = true;
    }

    /** Whether it is touched for progress only, and there was none since the touch before the last one was due. */
    public boolean lacksProgress() {
        return policy.touchMode() == TouchMode.PROGRESS && work() == Work.RUNNING && !progressed && !touchedForProgress;
    }

    // ---- the view

    @Override
    public String group() {
        return owner().group();
    }

    @Override
    public @Nullable Message message() {
        return owner().message();
    }

    @Override
    public @Nullable FencingToken token() {
        return grant.token();
    }

    @Override
    public int deliveryCount() {
        return grant.deliveryCount();
    }

    // ---- the broker's side

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
            owner().nakWritten(now);
        }
        keeper.arm(this);
        return true;
    }

    // A nak gives the message to others: whether it arrived is never left open.
    @Override
    public void written() {
        boolean enough = policy.level() == SettlementLevel.WRITTEN && decided() != SettleVerb.NAK;
        if (enough || !terms().rules().answersAll()) {
            answered(SettleAnswer.DONE);
        }
    }

    @Override
    public boolean isOpen() {
        return state().isOpen();
    }

    @Override
    public void postponed() {
        offerAt(now() + OFFER_AGAIN_NANOS);
        keeper.arm(this);
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

    /** A touch that was sent at an instant was confirmed; counts only before the present deadline. */
    boolean touchConfirmed(long sentAt, long leaseNanos) {
        LeaseState state = state();
        boolean open = state == LeaseState.HELD || state == LeaseState.SETTLING;
        boolean inTime = open && now() < deadlineNanos();
        keeper.reporter().touchAnswered(this, inTime);
        // Once it is to be written the deadline stands: what cannot be written ends.
        boolean keeps = state == LeaseState.HELD || heldBackUntilNanos() != NEVER;
        boolean renews = keeps && grant.leaseTime().renewable();
        if (inTime && renews && renew(sentAt, leaseNanos)) {
            keeper.arm(this);
        }
        return inTime;
    }

    /** The gate of touches: held, and not yet written. */
    boolean mayTouch() {
        return holdsAt(now());
    }

    /** The broker lends for a shorter time from now on, and has done so for what is held, too. */
    public void shorten(long leaseNanos) {
        if (state().isOpen() && curtail(leaseNanos)) {
            keeper.arm(this);
        }
    }

    /** Has it touched at once, if it is held and touched at all. */
    public void touchSoon() {
        touchBy(now());
        keeper.arm(this);
    }

    /**
     * The connection that it belonged to has ended, and with it the lease: the broker may hand the message out. Whether
     * it has heard of what was written is not known, and work that goes on has no lease any more.
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
        owner().holdExceeded();
    }

    void touchRefused(LeaseLoss why) {
        lose(why);
    }

    // ---- the keeper's side

    @Override
    long holdUntilNanos() {
        boolean limited = policy.maxHoldNanos() != Long.MAX_VALUE && !heldTooLong && hasStarted();
        return limited ? startedNanos() + policy.maxHoldNanos() : NEVER;
    }

    @Override
    long dueNanos() {
        if (retired) {
            return NEVER;
        }
        return nextDue(policy.touchMode(), grant.leaseTime());
    }

    @Override
    void due(long now) {
        if (retired) {
            return;
        }
        if (takeAlarm(now)) {
            owner().alarm(now);
        }
        if (now >= holdUntilNanos()) {
            heldTooLong = true;
            holdExceeded();
        }
        dueInState(now);
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
                    grant.settlement().settle(this);
                }
                if (notExpired(now) && now >= touchDue(policy.touchMode(), grant.leaseTime())) {
                    sendTouch(now);
                }
            }
            case WRITTEN -> {
                if (notExpired(now) && now >= rewriteDue()) {
                    setWrittenAt(now);
                    grant.settlement().settle(this);
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

    @Override
    void keeperStopped() {
        if (!retired && !lose(LeaseLoss.CLOSED)) {
            answered(SettleAnswer.UNKNOWN);
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

    private void holdExceeded() {
        if (!lose(LeaseState.HELD, LeaseLoss.MAX_HOLD)) {
            owner().holdExceeded();
            return;
        }
        ended(LeaseLoss.MAX_HOLD);
    }

    // ---- gates and effects

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

    @Override
    KeptLease self() {
        return this;
    }

    private boolean nakAllowed(long now) {
        return policy.naks() && now < nakDeadlineNanos();
    }

    private void unanswered() {
        if (decided() == SettleVerb.NAK && !terms().fenced()) {
            keeper.reporter().aborted(this);
            grant.settlement().abort();
        }
        settled(SettleAnswer.UNKNOWN);
    }
}
