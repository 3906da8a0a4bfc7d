package io.leasehold.publish;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.IntUnaryOperator;

/**
 * How a publish is decided: one word, pure transitions, one compare-and-set each, and whoever asks is told whether
 * they won. The broker's answer, a refusal, the timeout and the taking back all compete for the same decision.
 *
 * <pre>
 *   open ──written──► written ──decided──► decided        cancelled while open:    may be taken back, never written
 *    │  ▲                │                 ▲  │           cancelled while written: keeps its place until its answer
 *    │  └────reopened────┼─────────────────┼──┘           reopened:                to be written once more
 *    └──────────────decided────────────────┘
 * </pre>
 */
abstract class WriteState extends WindowStep {
    private static final int WRITTEN = 1;
    private static final int CANCELLED = 2;
    private static final int DECIDED = 4;
    private static final int IN_LINE = 8;
    private static final int LOST = -1;

    private static final AtomicIntegerFieldUpdater<WriteState> WORD =
            AtomicIntegerFieldUpdater.newUpdater(WriteState.class, "word");

    private volatile int word;

    private static int written(int word) {
        return isDecided(word) || isWithdrawn(word) ? LOST : word | WRITTEN;
    }

    private static int cancelled(int word) {
        return (word & (CANCELLED | DECIDED)) != 0 ? LOST : word | CANCELLED;
    }

    private static int takenBack(int word) {
        return isDecided(word) || !isWithdrawn(word) ? LOST : word | DECIDED;
    }

    private static int decided(int word) {
        return isDecided(word) ? LOST : word | DECIDED;
    }

    private static int reopened(int word) {
        return isDecided(word) ? word & ~(DECIDED | WRITTEN) : LOST;
    }

    private static int inLine(int word) {
        return (word & IN_LINE) != 0 ? LOST : word | IN_LINE;
    }

    private static int outOfLine(int word) {
        return word & ~IN_LINE;
    }

    private static boolean isDecided(int word) {
        return (word & DECIDED) != 0;
    }

    private static boolean isWithdrawn(int word) {
        return (word & (CANCELLED | WRITTEN)) == CANCELLED;
    }

    /** Whether the bytes may be made; true again for a repetition until there is an answer. */
    final boolean write() {
        return move(WriteState::written) != LOST;
    }

    /** Nobody listens any more. True for the first who says so, unless it is decided. */
    final boolean cancelOnce() {
        return move(WriteState::cancelled) != LOST;
    }

    /** Decides that it is taken back: cancelled, and not written. */
    final boolean takeBack() {
        return move(WriteState::takenBack) != LOST;
    }

    /** Decides; true for the one who does. */
    final boolean decide() {
        return move(WriteState::decided) != LOST;
    }

    /** Undoes the decision, by whoever made it: the message will be written once more. */
    final void reopen() {
        move(WriteState::reopened);
    }

    /** Whether it must be put in the line; false when it stands there already. */
    final boolean enterLine() {
        return move(WriteState::inLine) != LOST;
    }

    /** It was taken from the line; what is said from now on puts it there again. */
    final void leaveLine() {
        move(WriteState::outOfLine);
    }

    /** Whether it was written since it was last opened. */
    final boolean isWritten() {
        return (word & WRITTEN) != 0;
    }

    /** Whether nobody listens. */
    final boolean isCancelled() {
        return (word & CANCELLED) != 0;
    }

    /** Whether it is decided. */
    final boolean isDecided() {
        return isDecided(word);
    }

    /** The word before the transition, or {@link #LOST}. */
    private int move(IntUnaryOperator transition) {
        while (true) {
            int before = word;
            int after = transition.applyAsInt(before);
            if (after == LOST || after == before || WORD.compareAndSet(this, before, after)) {
                return after == LOST ? LOST : before;
            }
        }
    }
}
