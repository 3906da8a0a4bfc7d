package io.leasehold.lease.keeper;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A hierarchical timing wheel of intrusive nodes: linking and unlinking are O(1), each node moves down at most once
 * per level, and the next occupied tick is found in the bit maps. Confined to one thread.
 *
 * <pre>
 *   level 0: 64 slots of 1 tick     level 1: 64 slots of 64 ticks     ...     level 5: 64 slots of 64^5 ticks
 * </pre>
 *
 * After Varghese and Lauck, "Hashed and Hierarchical Timing Wheels" (1987), scheme 7.
 */
final class TimerWheel {
    static final int NOWHERE = -1;
    static final long NO_TICK = Long.MAX_VALUE;

    private static final int BITS = 6;
    private static final int SLOTS = 1 << BITS;
    private static final int LEVELS = 6;
    // One slot of the highest level less than all of it: a node a full turn away would seem to be due at once.
    private static final long REACH = (SLOTS - 1L) << (BITS * (LEVELS - 1));

    private final @Nullable TimerNode[][] heads = new TimerNode[LEVELS][];
    private final long[] occupied = new long[LEVELS];
    private long elapsed;
    private int size;

    /** Counts the nodes that are linked. */
    int size() {
        return size;
    }

    /** Links a node that is linked nowhere; a tick that has passed is due at the next {@link #takeDue}. */
    void link(TimerNode node, long tick) {
        long wanted = Math.max(tick, elapsed);
        long reachable = Math.min(wanted, elapsed + REACH);
        int level = levelOf(reachable);
        int slot = slotOf(reachable, level);
        @Nullable TimerNode[] slots = slotsOf(level);
        TimerNode head = slots[slot];

        node.tick = wanted;
        node.position = level * SLOTS + slot;
        node.previous = null;
        node.next = head;
        if (head != null) {
            head.previous = node;
        }

        slots[slot] = node;
        occupied[level] |= 1L << slot;
        size++;
    }

    /** Unlinks a node, if it is linked. */
    void unlink(TimerNode node) {
        if (node.position == NOWHERE) {
            return;
        }

        int level = node.position / SLOTS;
        int slot = node.position % SLOTS;
        TimerNode before = node.previous;
        TimerNode after = node.next;
        if (after != null) {
            after.previous = before;
        }
        if (before != null) {
            before.next = after;
        } else {
            setHead(level, slot, after);
        }

        forget(node);
    }

    /** Gives the earliest tick at which {@link #takeDue} has something to do, or {@link #NO_TICK}. */
    long nextTick() {
        for (int level = 0; level < LEVELS; level++) {
            if (occupied[level] != 0) {
                return nextTickOf(level);
            }
        }
        return NO_TICK;
    }

    /** Takes one node whose tick has come, or null when there is none up to the given tick. */
    @Nullable
    TimerNode takeDue(long nowTick) {
        for (long next = nextTick(); next <= nowTick; next = nextTick()) {
            elapsed = Math.max(elapsed, next);
            int level = firstOccupied();
            int slot = slotOf(next, level);
            if (level > 0) {
                moveDown(level, slot);
                continue;
            }
            TimerNode node = Objects.requireNonNull(slotsOf(0)[slot]);
            unlink(node);
            return node;
        }
        elapsed = Math.max(elapsed, nowTick);
        return null;
    }

    // The whole slot at once: a node left behind would be hidden by those that lie lower.
    private void moveDown(int level, int slot) {
        @Nullable TimerNode[] slots = slotsOf(level);
        for (TimerNode node = slots[slot]; node != null; node = slots[slot]) {
            unlink(node);
            link(node, node.tick);
        }
    }

    /** Takes any node, or null when none is linked. */
    @Nullable
    TimerNode takeAny() {
        return takeDue(NO_TICK - 1);
    }

    private int firstOccupied() {
        int level = 0;
        while (occupied[level] == 0) {
            level++;
        }
        return level;
    }

    private long nextTickOf(int level) {
        int here = slotOf(elapsed, level);
        int ahead = Long.numberOfTrailingZeros(Long.rotateRight(occupied[level], here));
        long slotSpan = 1L << (BITS * level);
        return (elapsed & -slotSpan) + ahead * slotSpan;
    }

    private int levelOf(long tick) {
        long differing = (tick ^ elapsed) | (SLOTS - 1);
        int level = (63 - Long.numberOfLeadingZeros(differing)) / BITS;
        return Math.min(level, LEVELS - 1);
    }

    private static int slotOf(long tick, int level) {
        return (int) (tick >>> (BITS * level)) & (SLOTS - 1);
    }

    private @Nullable TimerNode[] slotsOf(int level) {
        @Nullable TimerNode[] slots = heads[level];
        if (slots == null) {
            slots = new TimerNode[SLOTS];
            heads[level] = slots;
        }
        return slots;
    }

    private void setHead(int level, int slot, @Nullable TimerNode head) {
        slotsOf(level)[slot] = head;
        if (head == null) {
            occupied[level] &= ~(1L << slot);
        }
    }

    private void forget(TimerNode node) {
        node.previous = null;
        node.next = null;
        node.position = NOWHERE;
        size--;
    }
}
