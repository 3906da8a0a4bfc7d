package io.leasehold.publish;

import io.leasehold.error.ErrorCode;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the order within keys: of each, one message has its turn, from the stages to its end. A failed one halts its
 * key; what waits behind it is doomed. Touched in turns only; nobody is ended here, the window asks who is next.
 */
final class KeyLanes {
    private final Map<String, KeyLane> lanes = new HashMap<>();
    private final WaitList next = new WaitList();
    private final WaitList doomed = new WaitList();
    private final int haltedMax;
    private final AtomicInteger halted = new AtomicInteger();

    KeyLanes(int haltedMax) {
        this.haltedMax = haltedMax;
    }

    /** How many keys are halted; may be read on any thread. */
    int halted() {
        return halted.get();
    }

    /** Why a message of the key may not even wait; null when it may. */
    @Nullable
    ErrorCode refusal(String key) {
        if (halted.getPlain() == 0) {
            return null;
        }
        KeyLane lane = lanes.get(key);
        if (lane != null && lane.halted) {
            return ErrorCode.KEY_HALTED;
        }
        return halted.getPlain() >= haltedMax ? ErrorCode.KEYS_HALTED : null;
    }

    /** Joins its key; true when it is its turn at once, else it waits. */
    boolean join(PendingPublish publish, String key) {
        KeyLane lane = lanes.computeIfAbsent(key, KeyLane::new);
        publish.lane = lane;
        if (lane.turn == null) {
            lane.turn = publish;
            return true;
        }
        lane.waiting.add(publish);
        return false;
    }

    /** It has ended: the next of its key has its turn, or the key is halted. True when this halted the key. */
    boolean leave(PendingPublish publish, boolean halts) {
        KeyLane lane = publish.lane;
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

    /** A message of the key was refused where it was called: true when this halted the key. */
    boolean halt(String key) {
        return refusal(key) == null && halt(lanes.computeIfAbsent(key, KeyLane::new));
    }

    private boolean halt(KeyLane lane) {
        boolean first = !lane.halted;
        lane.halted = true;
        halted.addAndGet(first ? 1 : 0);
        for (PendingPublish behind = lane.waiting.poll(); behind != null; behind = lane.waiting.poll()) {
            behind.lane = null;
            doomed.add(behind);
        }
        return first;
    }

    private boolean goOn(KeyLane lane) {
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

    void resume(String key) {
        KeyLane lane = lanes.get(key);
        if (lane != null && lane.halted) {
            lane.halted = false;
            halted.decrementAndGet();
            goOn(lane);
        }
    }

    /** One whose turn it is now. */
    @Nullable
    PendingPublish pollNext() {
        return next.poll();
    }

    /** One whose key was halted before its turn came. */
    @Nullable
    PendingPublish pollDoomed() {
        return doomed.poll();
    }
}
