package io.leasehold.publish;

import io.leasehold.pace.SerialLine;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.IntUnaryOperator;

/**
 * Decides what becomes of one publish: one word, pure transitions, one compare-and-set each, and whoever asks is told
 * whether they won. The broker's answer, a refusal, the timeout and the taking back all compete for the same decision.
 *
 * <pre>
 *   open ──written──► written ──decided──► decided        cancelled while open:    may be taken back, never written
 *    │  ▲                │                 ▲  │           cancelled while written: keeps its slot until its answer
 *    │  └────reopened────┼─────────────────┼──┘           reopened:                to be written once more
 *    └──────────────decided────────────────┘
 * </pre>
 *
 * <p>The same word tells whether the publish stands in the window's line, so that it stands there once.
 */
abstract class WriteState extends SerialLine.Link {
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

    /** Allows the bytes to be made, unless it is decided or withdrawn; true again for a repetition of the writing. */
    final boolean write() {
        return move(WriteState::written) != LOST;
    }

    /** Notes that nobody listens any more; true for the first who says so, unless it is decided. */
    final boolean cancelOnce() {
        return move(WriteState::cancelled) != LOST;
    }

    /** Decides that the publish is taken back, which takes that it is cancelled and not written. */
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

    /** Claims the one place in the line; false when the publish stands there already. */
    final boolean enterLine() {
        return move(WriteState::inLine) != LOST;
    }

    /** Gives the place in the line back, before the publish is looked at: what is said from now on claims it again. */
    final void leaveLine() {
        move(WriteState::outOfLine);
    }

    /** Tells whether the publish was written since it was last open. */
    final boolean isWritten() {
        return (word & WRITTEN) != 0;
    }

    /** Tells whether nobody listens. */
    final boolean isCancelled() {
        return (word & CANCELLED) != 0;
    }

    /** Tells whether a decision stands. */
    final boolean isDecided() {
        return isDecided(word);
    }

    /** Makes one transition; returns the word before it, or {@link #LOST}. */
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
