package io.leasehold.embedded;

import io.leasehold.lease.LeaseLoss;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Keeps what a group knows of one message from its first delivery on. Confined to the broker's turn. */
final class PendingMessage extends TimedLine.Entry {
    private final Group group;
    private final StoredMessage stored;
    private MessageState state = MessageState.QUEUED;
    private @Nullable EmbeddedHandout handout;
    private boolean wasReleased;
    private long endByNanos = Long.MAX_VALUE;

    /** Tells whether the {@link Backlog} has it, also if only to skip it. */
    boolean isInBacklog;

    PendingMessage(Group group, StoredMessage stored) {
        this.group = group;
        this.stored = stored;
    }

    Group group() {
        return group;
    }

    StoredMessage stored() {
        return stored;
    }

    MessageState state() {
        return state;
    }

    boolean is(MessageState other) {
        return state == other;
    }

    /** Changes its state. Only the group does; nothing leads out of the states in which the message is gone. */
    void become(MessageState next) {
        state = next;
    }

    /** Returns the latest delivery; null before the first one. */
    @Nullable
    EmbeddedHandout handout() {
        return handout;
    }

    /** Returns the delivery under which it is held at this moment; null when it is not. */
    @Nullable
    EmbeddedHandout present() {
        return state == MessageState.HELD ? handout : null;
    }

    /** Tells whether a session holds it. */
    boolean isLentTo(SessionState session) {
        EmbeddedHandout present = present();
        return present != null && present.taker().session() == session;
    }

    /** Returns who holds it, or held it last. */
    Member taker() {
        return Objects.requireNonNull(handout, "never lent").taker();
    }

    /** Returns how long its latest lease was granted for, in nanoseconds; 0 when there was none. */
    long leaseNanos() {
        return handout == null ? 0 : handout.leaseTime().nanos();
    }

    /** Gives the latest end of its present lease, on the broker's clock; {@link Long#MAX_VALUE} for none. */
    long endBy() {
        return endByNanos;
    }

    /** Sets the latest end of its present lease. */
    void endBy(long instant) {
        endByNanos = instant;
    }

    /** Makes a new delivery. */
    EmbeddedHandout lend(Member taker, long token) {
        EmbeddedHandout next = new EmbeddedHandout(this, taker, token, handout);
        handout = next;
        wasReleased = false;
        return next;
    }

    /** Notes that the latest delivery was given back without having been started. */
    void release() {
        wasReleased = true;
    }

    /** Returns how many deliveries were given back without having been started. */
    int releases() {
        return handout == null ? 0 : handout.releases() + (wasReleased ? 1 : 0);
    }

    /** Returns how often it was handed out. */
    int deliveries() {
        return handout == null ? 0 : handout.deliveryCount();
    }

    /** Returns how many deliveries were started, as far as is known. */
    int starts() {
        return deliveries() - releases();
    }

    /** Returns why a delivery is not held any more; null when it is. */
    @Nullable
    LeaseLoss lossOf(EmbeddedHandout delivery) {
        return state.isPresent() && delivery != handout ? LeaseLoss.SUPERSEDED : state.loss();
    }

    @Override
    void due() {
        group.due(this);
    }
}
