package io.leasehold.nats.connection;

import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.Subject;
import io.leasehold.wire.ConnectionLoop;
import io.leasehold.wire.OutboundQueue;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Sinks;

/**
 * The subscriptions by their number, which is a slot and how often that slot was used before:
 *
 * <pre>
 *   | uses, 12 bits | slot, 17 bits |      at most nine decimal digits; slot 0 is not used
 * </pre>
 *
 * <p>A slot that was given up is used again only after {@value #QUARANTINE} others: what is still under way for an old
 * subscription finds another number, or none. Belongs to the connection's own thread.
 */
final class SubscriptionTable {
    private static final int SLOT_BITS = 17;
    static final int SLOTS_MAX = (1 << SLOT_BITS) - 1;
    private static final int USES_MAX = (1 << 12) - 1;
    private static final int QUARANTINE = 64;
    private static final int FIRST_SLOTS = 64;

    private final int limit;
    private final OutboundQueue outbound;
    private final ConnectionLoop loop;
    private @Nullable Subscription[] slots = new @Nullable Subscription[FIRST_SLOTS];
    private short[] uses = new short[FIRST_SLOTS];
    private int[] free = new int[FIRST_SLOTS];
    private int freeFrom;
    private int freeCount;
    private int used = 1;

    SubscriptionTable(int limit, OutboundQueue outbound, ConnectionLoop loop) {
        this.limit = limit;
        this.outbound = outbound;
        this.loop = loop;
    }

    // ---- anywhere

    /** Begins to listen; errors go to the handler. */
    Subscription subscribe(Subject filter, @Nullable Subject queue, MessageHandler handler) {
        Subscription subscription = new Subscription(this, filter, queue, handler);
        outbound.give(new SubscriptionMark(this, subscription, true));
        return subscription;
    }

    /** Tells the server that a subscription was cancelled. */
    void cancelled(Subscription subscription) {
        outbound.force(new SubscriptionMark(this, subscription, false));
    }

    /** Has the server send nothing more, and ends a subscription when all that it had sent was handed up. */
    void leave(Subscription subscription) {
        Sinks.Empty<Void> left = Sinks.empty();
        left.asMono().subscribe(nothing -> {}, broken -> subscription.cancel());
        outbound.force(new DrainMark(this, each -> each.accept(subscription), left));
    }

    // ---- on the loop

    /** Gives a subscription its number; false when there is no room. */
    boolean add(Subscription subscription) {
        int slot = slot();
        if (slot == 0) {
            return false;
        }
        slots[slot] = subscription;
        subscription.sid = uses[slot] << SLOT_BITS | slot;
        return true;
    }

    private int slot() {
        boolean full = used > limit;
        if (freeCount > QUARANTINE || (full && freeCount > 0)) {
            int slot = free[freeFrom];
            freeFrom = (freeFrom + 1) % free.length;
            freeCount--;
            return slot;
        }

        if (full) {
            return 0;
        }

        if (used == slots.length) {
            grow();
        }

        return used++;
    }

    private void grow() {
        int longer = Math.min(limit + 1, 2 * slots.length);
        slots = Arrays.copyOf(slots, longer);
        uses = Arrays.copyOf(uses, longer);
        int[] ring = new int[longer];
        for (int i = 0; i < freeCount; i++) {
            ring[i] = free[(freeFrom + i) % free.length];
        }
        free = ring;
        freeFrom = 0;
    }

    /** The subscription with a number; null when there is none, or none any more. */
    @Nullable
    Subscription get(int sid) {
        int slot = sid & SLOTS_MAX;
        Subscription subscription = slot < used ? slots[slot] : null;
        return subscription != null && subscription.sid == sid ? subscription : null;
    }

    /** Gives up a number. */
    void remove(Subscription subscription) {
        int slot = subscription.sid & SLOTS_MAX;
        if (subscription.sid != Subscription.NO_SID && slots[slot] == subscription) {
            slots[slot] = null;
            subscription.sid = Subscription.NO_SID;
            uses[slot] = (short) (uses[slot] == USES_MAX ? 0 : uses[slot] + 1);
            free[(freeFrom + freeCount) % free.length] = slot;
            freeCount++;
        }
    }

    void forEach(Consumer<Subscription> each) {
        for (int slot = 1; slot < used; slot++) {
            Subscription subscription = slots[slot];
            if (subscription != null) {
                each.accept(subscription);
            }
        }
    }

    /** Ends a subscription and gives up its number. */
    void end(Subscription subscription) {
        subscription.end();
        remove(subscription);
    }

    /** Tells a subscription that it does not exist, or not any more. */
    void fail(Subscription subscription, MessagingException why) {
        loop.guarded(() -> subscription.fail(why));
    }

    /** Ends those that a server has denied: with exactly this filter and this queue. */
    void fail(ServerError denial, MessagingException why) {
        forEach(subscription -> {
            if (subscription.isFor(denial.subject(), denial.queue())) {
                remove(subscription);
                fail(subscription, why);
            }
        });
    }

    /** Ends all of them. */
    void failAll(MessagingException why) {
        forEach(subscription -> {
            remove(subscription);
            fail(subscription, why);
        });
    }

    int size() {
        return used - 1 - freeCount;
    }
}
