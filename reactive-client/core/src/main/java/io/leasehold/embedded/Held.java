package io.leasehold.embedded;

import io.leasehold.lease.LeaseLoss;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a group knows of one message from its first delivery on. Confined to the broker's turn. */
final class Held extends Timed {
    private final Group group;
    private final Stored stored;
    private HeldState state = HeldState.QUEUED;
    private @Nullable Grant grant;
    private boolean wasReleased;

    /** Whether the backlog has it, also if only to skip it. */
    boolean isInBacklog;

    Held(Group group, Stored stored) {
        this.group = group;
        this.stored = stored;
    }

    Group group() {
        return group;
    }

    Stored stored() {
        return stored;
    }

    HeldState state() {
        return state;
    }

    boolean is(HeldState other) {
        return state == other;
    }

    /** Only the group moves a message from state to state; nothing leads out of those in which it is gone. */
    void become(HeldState next) {
        state = next;
    }

    /** The latest delivery. */
    @Nullable
    Grant grant() {
        return grant;
    }

    /** Whether a session holds it. */
    boolean isLentTo(EmbeddedSession session) {
        Grant present = grant;
        return state == HeldState.HELD && present != null && present.taker().session() == session;
    }

    /** Who holds it, or held it last. */
    EmbeddedPort taker() {
        return Objects.requireNonNull(grant, "never lent").taker();
    }

    /** A new delivery. */
    Grant lend(EmbeddedPort taker, long token) {
        Grant next = new Grant(this, taker, token, grant);
        grant = next;
        wasReleased = false;
        return next;
    }

    /** The latest delivery was given back without having been started. */
    void release() {
        wasReleased = true;
    }

    /** How many deliveries were given back without having been started. */
    int releases() {
        return grant == null ? 0 : grant.releases() + (wasReleased ? 1 : 0);
    }

    /** How many deliveries were started, as far as is known. */
    int starts() {
        return grant == null ? 0 : grant.deliveryCount() - releases();
    }

    /** Why a delivery is not held any more; null when it is. */
    @Nullable
    LeaseLoss lossOf(Grant delivery) {
        return state.isPresent() && delivery != grant ? LeaseLoss.SUPERSEDED : state.loss();
    }

    @Override
    void due() {
        group.due(this);
    }
}
