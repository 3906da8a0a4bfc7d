package io.leasehold.lease.keeper;

import io.leasehold.error.ErrorCode;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseLostException;
import io.leasehold.lease.LeaseState;
import io.leasehold.lease.LeaseTerms;
import io.leasehold.lease.SettleVerb;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the atomic word of a lease (its state, and with it the verb that was decided or the reason of the loss), and
 * its instants. Every step of the state is one compare-and-set of this word; whoever wins it carries out the effects,
 * and none of them is here: {@link KeptLease} has them.
 *
 * <pre>
 *   word:  loss (4 bits) | verb (2 bits) | state (3 bits)
 * </pre>
 *
 * {@link KeptLease} draws where each field lies.
 */
abstract class LeaseClock extends TimerNode {
    private static final LeaseState[] STATES = LeaseState.values();
    private static final LeaseLoss[] LOSSES = LeaseLoss.values();
    private static final SettleVerb[] VERBS = SettleVerb.values();

    private static final AtomicIntegerFieldUpdater<LeaseClock> WORD =
            AtomicIntegerFieldUpdater.newUpdater(LeaseClock.class, "word");
    private static final AtomicLongFieldUpdater<LeaseClock> ALARM =
            AtomicLongFieldUpdater.newUpdater(LeaseClock.class, "alarmNanos");
    private static final AtomicLongFieldUpdater<LeaseClock> AT_LATEST =
            AtomicLongFieldUpdater.newUpdater(LeaseClock.class, "atLatestNanos");
    private static final AtomicReferenceFieldUpdater<LeaseClock, Work> WORK =
            AtomicReferenceFieldUpdater.newUpdater(LeaseClock.class, Work.class, "work");

    // Touches are due at 2/6, 3/6, 4/6 and 5/6 of the time from the last confirmed renewal to the work deadline.
    private static final int SIXTHS_FIRST = 2;
    private static final int SIXTHS_LAST = 5;

    private static final long REWRITE_NANOS_MIN = 100_000_000L;
    private static final int VERB_BITS = 0x18;

    private volatile int word;
    private volatile Work work = Work.WAITING;
    private volatile boolean confirmed;
    private volatile LeaseTerms terms;
    private volatile long baseNanos;
    private volatile long deadlineNanos;
    private volatile long alarmNanos = NEVER;
    private volatile long writtenAtNanos;
    private volatile long leaseNanosMax = Long.MAX_VALUE;
    // For the next touch, or for the next offer of a decision that was postponed.
    private volatile long atLatestNanos = NEVER;
    private volatile boolean postponed;
    private long touchedNanos;

    /** Says how far the work under the lease has come, as far as touches and naks are concerned. */
    enum Work {
        /** Not started, touched while it waits. */
        WAITING,
        /** Handed out without work: not touched. */
        UNATTENDED,
        /** Under way. */
        RUNNING,
        /** Over. */
        ENDED
    }

    LeaseClock(LeaseTerms terms, long anchor) {
        long base = Math.min(anchor, terms.lastAnchor(anchor));
        this.terms = terms;
        this.baseNanos = base;
        this.touchedNanos = anchor;
        this.deadlineNanos = terms.workDeadline(base);
    }

    /** Gives the present state; an open one may have passed its deadline. */
    public final LeaseState state() {
        return stateOf(word);
    }

    final SettleVerb decided() {
        return VERBS[(word >>> 3) & 3];
    }

    final LeaseLoss loss() {
        return LOSSES[word >>> 5];
    }

    /** Gives the reason of the loss, or null when the lease is not lost. */
    public final @Nullable LeaseLoss lossOrNull() {
        return state() == LeaseState.LOST ? loss() : null;
    }

    /** Gives the verb that was decided, or null while none is and after a loss. */
    public final @Nullable SettleVerb decidedOrNull() {
        LeaseState state = state();
        return state == LeaseState.HELD || state == LeaseState.LOST ? null : decided();
    }

    final LeaseLostException lostException(ErrorCode code) {
        LeaseLoss why = lossOrNull();
        return new LeaseLostException(code, why == null ? LeaseLoss.EXPIRED : why);
    }

    final boolean settle(SettleVerb verb) {
        return move(word, LeaseState.HELD, LeaseState.SETTLING.ordinal() | (verb.ordinal() << 3));
    }

    final boolean advance(LeaseState from, LeaseState to) {
        int present = word;
        return move(present, from, to.ordinal() | (present & VERB_BITS));
    }

    final boolean lose(LeaseState from, LeaseLoss loss) {
        int present = word;
        return move(present, from, LeaseState.LOST.ordinal() | (present & VERB_BITS) | (loss.ordinal() << 5));
    }

    // The word changes only together with the state: when it is another one than it was, so is the state.
    private boolean move(int present, LeaseState from, int next) {
        return stateOf(present) == from && from.leadsTo(stateOf(next)) && WORD.compareAndSet(this, present, next);
    }

    private static LeaseState stateOf(int word) {
        return STATES[word & 7];
    }

    /** Gives the terms that hold now. */
    public final LeaseTerms terms() {
        return terms;
    }

    /** Gives the work deadline, in ticker nanoseconds. */
    public final long deadlineNanos() {
        return deadlineNanos;
    }

    final long sendDeadlineNanos() {
        return terms.sendDeadline(deadlineNanos);
    }

    final long nakDeadlineNanos() {
        return terms.nakDeadline(baseNanos, deadlineNanos);
    }

    /** Gives the instant from which what was decided may no longer be written. */
    final long settleByNanos() {
        return decided() == SettleVerb.NAK ? nakDeadlineNanos() : sendDeadlineNanos();
    }

    /**
     * Counts the lease from the same instant as before, but for a shorter time from now on; false when it is none. A
     * renewal at the same moment sees the bound, or its instant is seen here: either way the bound holds.
     */
    final boolean curtail(long leaseNanos) {
        leaseNanosMax = leaseNanos;
        LeaseTerms next = terms.withLeaseNanos(leaseNanos);
        long earlier = next.workDeadline(baseNanos);
        if (earlier >= deadlineNanos) {
            return false;
        }

        terms = next;
        deadlineNanos = earlier;
        return true;
    }

    /** Ends the lease at the broker: the deadline is now. */
    final void expireNow(long now) {
        deadlineNanos = Math.min(deadlineNanos, now);
    }

    /**
     * Counts the lease from the instant at which a touch was sent, as far as touches extend what was granted then.
     * Shortens it only to a bound that was set.
     */
    final boolean renew(long grantedAt, long touchedAt, long leaseNanos) {
        LeaseTerms next = leaseNanos == 0 ? terms : terms.withLeaseNanos(leaseNanos);
        long sentAt = Math.min(touchedAt, next.lastAnchor(grantedAt));
        long later = next.workDeadline(sentAt);
        if (later <= deadlineNanos) {
            return false;
        }

        terms = next;
        baseNanos = sentAt;
        deadlineNanos = later;

        long most = leaseNanosMax;
        if (most < next.leaseNanos()) {
            terms = next.withLeaseNanos(most);
            deadlineNanos = terms.workDeadline(sentAt);
        }
        return true;
    }

    /** Gives the instant of the next touch, as far as it is touched at all. On the keeper's thread. */
    final long nextTouchNanos() {
        return Math.min(postponed ? NEVER : atLatestNanos, nextSixthNanos());
    }

    /** Has a touch due at this instant at the latest. */
    final void touchBy(long at) {
        atLatestNanos = at;
    }

    // The first one that is later than the last touch.
    private long nextSixthNanos() {
        long base = baseNanos;
        long step = (deadlineNanos - base) / 6;
        long passed = step <= 0 ? SIXTHS_LAST : (touchedNanos - base) / step;
        long next = Math.max(SIXTHS_FIRST, passed + 1);
        return next > SIXTHS_LAST ? NEVER : base + step * next;
    }

    /** Notes a touch at this instant. On the keeper's thread. */
    final void touchedAt(long now) {
        touchedNanos = now;
        if (!postponed) {
            takeAtLatest(now);
        }
    }

    private boolean takeAtLatest(long now) {
        long at = atLatestNanos;
        return at <= now && AT_LATEST.compareAndSet(this, at, NEVER);
    }

    /** Gives the instant at which a settlement without an answer is written again; a nak never is. */
    final long rewriteDue() {
        long send = settleByNanos();
        long at = writtenAtNanos + Math.max(REWRITE_NANOS_MIN, (send - writtenAtNanos) / 4);
        return decided() == SettleVerb.NAK || at >= send ? NEVER : at;
    }

    /** Has what was decided offered again at this instant, if it is still to be written then. */
    final void offerAt(long at) {
        atLatestNanos = at;
        postponed = true;
    }

    /** Gives the instant at which what was postponed is offered again. */
    final long offerAgainNanos() {
        return postponed ? atLatestNanos : NEVER;
    }

    /** Takes the offer that was postponed to this instant; true once. On the keeper's thread. */
    final boolean takeOffer(long now) {
        return postponed && takeAtLatest(now);
    }

    // Settled for the caller, since it was written, but the broker has not said so: work that goes on has a deadline.
    final boolean isUnproved() {
        return !confirmed && work == Work.RUNNING;
    }

    // A nak is delayed by 2J at least, and what goes on after it ends within J.
    final boolean isGivenUp(long now) {
        return decided() == SettleVerb.NAK && now >= writtenAtNanos + terms.budgetNanos() - LeaseTerms.TICK_NANOS;
    }

    final boolean isConfirmed() {
        return confirmed;
    }

    /** Notes that the broker has answered the settlement. */
    final void confirm() {
        confirmed = true;
    }

    final Work work() {
        return work;
    }

    final void setWork(Work next) {
        work = next;
    }

    /** Makes unattended work wait; false when it is something else, by now perhaps work that runs. */
    final boolean keepUnattended() {
        return WORK.compareAndSet(this, Work.UNATTENDED, Work.WAITING);
    }

    final long alarmNanos() {
        return alarmNanos;
    }

    final void setAlarm(long at) {
        alarmNanos = at;
    }

    /** Takes an alarm that has come; true once. One that is set meanwhile stays. */
    final boolean takeAlarm(long now) {
        long at = alarmNanos;
        return now >= at && ALARM.compareAndSet(this, at, NEVER);
    }

    final void setWrittenAt(long at) {
        writtenAtNanos = at;
    }
}
