package io.leasehold.embedded;

import io.leasehold.broker.Handout;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.Settlement;
import io.leasehold.message.Message;
import org.jspecify.annotations.Nullable;

/** Is one delivery: what is handed out, and its own receipt. What may change is confined to the broker's turn. */
final class EmbeddedHandout implements Handout {
    private final PendingMessage pending;
    private final Member taker;
    private final long anchorNanos;
    private final long token;
    private final int count;
    private final int releases;
    private @Nullable End end;

    EmbeddedHandout(PendingMessage pending, Member taker, long token, @Nullable EmbeddedHandout before) {
        this.pending = pending;
        this.taker = taker;
        // Read before the broker's own clock: the lease ends there after it ends here.
        this.anchorNanos = taker.session().clientNanos();
        this.token = token;
        this.count = before == null ? 1 : before.count + 1;
        this.releases = pending.releases();
    }

    /** Names how this very delivery ended: how it was settled, or with its connection. */
    private enum End {
        ACKED,
        NAKED,
        TERMINATED,
        DISCONNECTED;

        static End of(SettleVerb verb) {
            return switch (verb) {
                case ACK -> ACKED;
                case NAK -> NAKED;
                case TERMINATE -> TERMINATED;
            };
        }
    }

    PendingMessage pending() {
        return pending;
    }

    Group group() {
        return pending.group();
    }

    Member taker() {
        return taker;
    }

    /** Tells whether this very delivery was settled in this very way before. */
    boolean wasSettledBy(SettleVerb verb) {
        return end == End.of(verb);
    }

    /** Notes how this delivery is settled. */
    void settledBy(SettleItem item) {
        end = End.of(item.verb());
        if (item.isRelease()) {
            pending.release();
        }
    }

    /** Notes that the connection of its holder has ended. */
    void disconnect() {
        end = End.DISCONNECTED;
    }

    /** Tells whether it has ended with the connection of its holder. */
    boolean isDisconnected() {
        return end == End.DISCONNECTED;
    }

    /** Returns why it is not held any more; null when it is. */
    @Nullable
    LeaseLoss loss() {
        return pending.lossOf(this);
    }

    @Override
    public Object ref() {
        return pending.stored().sequence();
    }

    @Override
    public Object receipt() {
        return this;
    }

    @Override
    public Message message() {
        return pending.stored().message();
    }

    @Override
    public int releases() {
        return releases;
    }

    @Override
    public Settlement settlement() {
        return taker.settlement();
    }

    @Override
    public LeaseTime leaseTime() {
        return group().leaseTime(taker, count);
    }

    @Override
    public long anchorNanos() {
        return anchorNanos;
    }

    @Override
    public long touchByNanos() {
        return Long.MAX_VALUE;
    }

    @Override
    public @Nullable FencingToken token() {
        return group().token(token, count);
    }

    @Override
    public int deliveryCount() {
        return count;
    }

    @Override
    public String toString() {
        return group().name() + "#" + pending.stored().sequence() + "/" + count;
    }
}
