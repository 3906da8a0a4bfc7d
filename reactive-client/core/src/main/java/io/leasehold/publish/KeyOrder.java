package io.leasehold.publish;

import io.leasehold.error.ErrorCode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the order within keys: of each, one message has its turn, from the stages to its end. A failed one halts its
 * key; what waits behind it is doomed. Touched in turns only; nobody is ended here, the window asks who is next.
 */
final class KeyOrder {
    /** Holds the ordered messages of one key: one on its way, the others behind it. */
    static final class Lane {
        private final String key;
        private final PublishList waiting = PublishList.ofWaiting();
        private @Nullable PendingPublish turn;
        private boolean halted;

        Lane(String key) {
            this.key = key;
        }
    }

    private final Map<String, Lane> lanes = new HashMap<>();
    private final PublishList next = PublishList.ofWaiting();
    private final PublishList doomed = PublishList.ofWaiting();
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final int haltedMax;
    private final AtomicInteger halted = new AtomicInteger();

    KeyOrder(int haltedMax) {
        this.haltedMax = haltedMax;
    }

    /** Tells how many keys are halted. On any thread. */
    int halted() {
        return halted.get();
    }

    /** Tells why a message of the key may not even wait; null when it may. */
    @Nullable
    ErrorCode refusal(String key) {
        if (halted.getPlain() == 0) {
            return null;
        }

        Lane lane = lanes.get(key);
        if (lane != null && lane.halted) {
            return ErrorCode.KEY_HALTED;
        }
        return halted.getPlain() >= haltedMax ? ErrorCode.KEYS_HALTED : null;
    }

    /** Has a publish join its key; true when it has its turn at once, else it waits. */
    boolean join(PendingPublish publish, String key) {
        Lane lane = lanes.computeIfAbsent(key, Lane::new);
        publish.lane = lane;
        if (lane.turn == null) {
            lane.turn = publish;
            return true;
        }

        lane.waiting.add(publish);
        return false;
    }

    /**
     * Has a publish that has ended leave its key: the next one has its turn, or the key is halted. True when this
     * halted the key.
     */
    boolean leave(PendingPublish publish, boolean halts) {
        Lane lane = publish.lane;
        if (lane == null) {
            return false;
        }

        publish.lane = null;
        if (lane.turn == publish) {
            lane.turn = null;
        } else {
            lane.waiting.remove(publish);
        }
        return halts ? halt(lane) : goOn(lane);
    }

    /**
     * Asks for a key to be halted, of which a message was refused where it was called. On any thread. True when a turn
     * is needed for it; one for each key waits at most, so that callers who are faster than the turns leave nothing
     * behind.
     */
    boolean askToHalt(String key) {
        return asked.add(key);
    }

    /** Halts a key that was asked for; true when this halted the key. */
    boolean haltAsAsked(String key) {
        asked.remove(key);
        return refusal(key) == null && halt(lanes.computeIfAbsent(key, Lane::new));
    }

    private boolean halt(Lane lane) {
        boolean first = !lane.halted;
        lane.halted = true;
        halted.addAndGet(first ? 1 : 0);

        for (PendingPublish behind = lane.waiting.poll(); behind != null; behind = lane.waiting.poll()) {
            behind.lane = null;
            doomed.add(behind);
        }
        return first;
    }

    private boolean goOn(Lane lane) {
        if (lane.turn == null) {
            lane.turn = lane.waiting.poll();
            if (lane.turn != null) {
                next.add(lane.turn);
            } else if (!lane.halted) {
                lanes.remove(lane.key);
            }
        }
        return false;
    }

    /** Lets a halted key go on; does nothing for any other. */
    void resume(String key) {
        Lane lane = lanes.get(key);
        if (lane != null && lane.halted) {
            lane.halted = false;
            halted.decrementAndGet();
            goOn(lane);
        }
    }

    /** Takes one out whose turn it is now. */
    @Nullable
    PendingPublish pollNext() {
        return next.poll();
    }

    /** Takes one out whose key was halted before its turn came. */
    @Nullable
    PendingPublish pollDoomed() {
        return doomed.poll();
    }
}
