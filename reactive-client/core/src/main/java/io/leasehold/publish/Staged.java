package io.leasehold.publish;

import org.jspecify.annotations.Nullable;

/** How far a publish has come on its way through the stages, and what they keep for it. Touched in turns only. */
abstract class Staged extends Linked implements PublishView {
    private long firstState;
    private long @Nullable [] laterStates;
    private short asked;
    private short entered;

    /** The stage that is asked next, or was asked last. */
    final int asked() {
        return asked;
    }

    final void ask(int stage) {
        asked = (short) stage;
    }

    /** How many stages are to be told the end. */
    final int entered() {
        return entered;
    }

    final void enter(int stages) {
        entered = (short) stages;
    }

    @Override
    public final long state() {
        if (asked == 0) {
            return firstState;
        }
        return laterStates == null || laterStates.length < asked ? 0 : laterStates[asked - 1];
    }

    @Override
    public final void state(long newState) {
        if (asked == 0) {
            firstState = newState;
            return;
        }
        laterStates()[asked - 1] = newState;
    }

    private long[] laterStates() {
        if (laterStates == null || laterStates.length < asked) {
            long[] longer = new long[Math.max(StageChain.LATER_STATES, asked)];
            if (laterStates != null) {
                System.arraycopy(laterStates, 0, longer, 0, laterStates.length);
            }
            laterStates = longer;
        }
        return laterStates;
    }
}
