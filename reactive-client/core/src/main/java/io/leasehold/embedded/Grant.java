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

/** One delivery: what is handed out, and its own receipt. What may change is confined to the broker's turn. */
final class Grant implements Handout {
    private final Held held;
    private final EmbeddedPort taker;
    private final long anchorNanos;
    private final long token;
    private final int count;
    private final int releases;
    private @Nullable End end;

    Grant(Held held, EmbeddedPort taker, long token, @Nullable Grant before) {
        this.held = held;
        this.taker = taker;
        // Read before the broker's own clock: the lease ends there after it ends here.
        this.anchorNanos = taker.clientNanos();
        this.token = token;
        this.count = before == null ? 1 : before.count + 1;
        this.releases = held.releases();
    }

    /** How this very delivery ended: how it was settled, or with its connection. */
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

    Held held() {
        return held;
    }

    EmbeddedPort taker() {
        return taker;
    }

    /** Whether this very delivery was settled in this very way before. */
    boolean wasSettledBy(SettleVerb verb) {
        return end == End.of(verb);
    }

    /** Remembers how this delivery is settled. */
    void settledBy(SettleItem item) {
        end = End.of(item.verb());
        if (item.isRelease()) {
            held.release();
        }
    }

    /** The connection of its holder has ended. */
    void disconnect() {
        end = End.DISCONNECTED;
    }

    /** Whether it has ended with the connection of its holder. */
    boolean isDisconnected() {
        return end == End.DISCONNECTED;
    }

    /** Why it is not held any more; null when it is. */
    @Nullable
    LeaseLoss loss() {
        return held.lossOf(this);
    }

    @Override
    public Object ref() {
        return held.stored().sequence();
    }

    @Override
    public Object receipt() {
        return this;
    }

    @Override
    public Message message() {
        return held.stored().message();
    }

    @Override
    public int releases() {
        return releases;
    }

    @Override
    public Settlement settlement() {
        return taker;
    }

    @Override
    public LeaseTime leaseTime() {
        return held.group().leaseTime(taker, count);
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
    public FencingToken token() {
        return held.group().token(token);
    }

    @Override
    public int deliveryCount() {
        return count;
    }

    @Override
    public String toString() {
        return held.group().name() + "#" + held.stored().sequence() + "/" + count;
    }
}
