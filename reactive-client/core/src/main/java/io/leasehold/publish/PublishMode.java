package io.leasehold.publish;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Holds how one publisher publishes.
 *
 * @param window the window of its client
 * @param executor where subscribers are told
 * @param ordered whether messages with the same key keep their order
 * @param gate asked before each writing; null where there is none
 */
record PublishMode(
        PublishWindow window,
        Executor executor,
        boolean ordered,
        @Nullable PublishGate gate) {
    PublishMode inOrder() {
        return ordered ? this : new PublishMode(window, executor, true, gate);
    }

    /** Returns the same behind one more gate. */
    PublishMode behind(PublishGate another) {
        return new PublishMode(window, executor, ordered, gate == null ? another : gate.and(another));
    }

    PublishMode signalOn(Executor others) {
        return new PublishMode(window, others, ordered, gate);
    }

    /** Asks the gate whether a message may be written now. */
    boolean isOpen() {
        return gate == null || gate.tryPublish();
    }
}
