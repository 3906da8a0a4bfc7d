package io.leasehold.embedded;

import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.Handout;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.Settlement;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands for a port where messages are handed out: holds its credit and tells its sink. Decides nothing, and knows no
 * group. What the sink throws is a fault of the broker's and stops nothing. Confined to the broker's turn.
 */
final class Member {
    private final SessionState session;
    private final Settlement settlement;
    private final LeaseTime leaseTime;
    private final DeliverySink sink;
    private final Consumer<? super Throwable> onFault;
    private long credit;
    private long emitted;
    private boolean gone;

    /** Tells whether it waits among the {@link Members} that have credit. */
    boolean isInTurn;

    /**
     * Makes a member without credit.
     *
     * @param settlement the way back of what is delivered to it
     * @param onFault told what the sink throws
     */
    Member(
            SessionState session,
            Settlement settlement,
            LeaseTime leaseTime,
            DeliverySink sink,
            Consumer<? super Throwable> onFault) {
        this.session = session;
        this.settlement = settlement;
        this.leaseTime = leaseTime;
        this.sink = sink;
        this.onFault = onFault;
    }

    SessionState session() {
        return session;
    }

    Settlement settlement() {
        return settlement;
    }

    LeaseTime leaseTime() {
        return leaseTime;
    }

    /** Sets how many deliveries were asked for in all. */
    void credit(long total) {
        credit = total;
    }

    long creditLeft() {
        return credit - emitted;
    }

    /** Tells whether the sink was told that nothing more comes. */
    boolean isGone() {
        return gone;
    }

    void begun() {
        guarded(() -> sink.begun(leaseTime.nanos()));
    }

    /** Hands a message out, against one unit of credit. */
    void deliver(Handout handout) {
        emitted++;
        try {
            sink.delivered(handout);
        } catch (Throwable fault) {
            onFault.accept(fault);
        }
    }

    /** Tells that a lease was lost that was given out here: as long as the session lives, also after a stop. */
    void ended(Object ref, @Nullable FencingToken newer, LeaseLoss loss) {
        if (!session.isClosed()) {
            guarded(() -> sink.ended(ref, newer, loss));
        }
    }

    /** Tells that all leases which were given out here have ended. */
    void connectionLost() {
        guarded(sink::connectionLost);
    }

    /** Tells that its leases are kept by another server from now on. */
    void moved() {
        guarded(sink::moved);
    }

    void troubled(MessagingException trouble) {
        guarded(() -> sink.troubled(trouble));
    }

    /** Tells that nothing more comes, and why. */
    void gone(MessagingException error) {
        gone = true;
        guarded(() -> sink.gone(error));
    }

    /** Tells that the broker has dropped a message by its limit of deliveries: as long as the session lives. */
    void givenUp(Handout last) {
        if (!session.isClosed()) {
            guarded(() -> sink.givenUp(last.ref(), last.message(), last.deliveryCount()));
        }
    }

    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (Throwable fault) {
            onFault.accept(fault);
        }
    }
}
