package com.example.broker;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.message.Message;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** One message within a group. */
final class PlainEntry {
    private final PlainGroup group;
    private final Message message;
    private final long sequence;
    private final Disposable.Swap timer = Disposables.swap();
    private @Nullable PlainGrant latest;
    private State state = State.WAITING;
    private int count;
    private int releases;

    PlainEntry(PlainGroup group, Message message, long sequence) {
        this.group = group;
        this.message = message;
        this.sequence = sequence;
    }

    /** Where it stands, and why a lease of it is none there. */
    private enum State {
        WAITING(LeaseLoss.EXPIRED),
        HELD(null),
        SETTLED(LeaseLoss.SETTLED_ELSEWHERE),
        PURGED(LeaseLoss.GROUP_GONE);

        private final @Nullable LeaseLoss loss;

        State(@Nullable LeaseLoss loss) {
            this.loss = loss;
        }
    }

    PlainGroup group() {
        return group;
    }

    Message message() {
        return message;
    }

    long sequence() {
        return sequence;
    }

    PlainGrant lend(PlainPort to) {
        count++;
        PlainGrant grant = new PlainGrant(this, to, to.nanos(), count, releases);
        latest = grant;
        state = State.HELD;
        arm();
        return grant;
    }

    /** The lease lasts its whole time from now on. */
    void arm() {
        PlainGrant grant = latest;
        if (grant != null) {
            PlainBroker broker = group.broker();
            Runnable due = () -> broker.turn(() -> expire(grant));
            timer.update(broker.time().schedule(due, grant.leaseTime().nanos(), TimeUnit.NANOSECONDS));
        }
    }

    private void expire(PlainGrant grant) {
        if (loss(grant) != null) {
            return;
        }

        state = State.WAITING;
        group.comesAgain(this);
        tell(LeaseLoss.EXPIRED);
        group.dispatch();
    }

    private void tell(LeaseLoss loss) {
        PlainGrant told = latest;
        if (told != null && told.taker().isOpen()) {
            told.taker().sink().ended(told.ref(), null, loss);
        }
    }

    /** Its holder settles it: for good, or to come again. */
    void settle(boolean again, boolean released) {
        timer.update(Disposables.disposed());
        state = again ? State.WAITING : State.SETTLED;
        if (released) {
            releases++;
        }
        if (again) {
            group.comesAgain(this);
        } else {
            group.settled(this);
        }
    }

    /** Its group is deleted. */
    void purge() {
        boolean held = state == State.HELD;
        timer.update(Disposables.disposed());
        state = State.PURGED;
        if (held) {
            tell(LeaseLoss.GROUP_GONE);
        }
    }

    /** Why a delivery is not held; null when it is. */
    @Nullable
    LeaseLoss loss(PlainGrant grant) {
        boolean present = state == State.HELD || state == State.WAITING;
        return present && grant != latest ? LeaseLoss.SUPERSEDED : state.loss;
    }
}
