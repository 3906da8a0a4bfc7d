package io.leasehold.publish;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** How a publisher publishes. */
record PublishMode(
        PublishWindow window,
        Executor where,
        boolean ordered,
        @Nullable PublishGate gate) {
    PublishMode inOrder() {
        return ordered ? this : new PublishMode(window, where, true, gate);
    }

    PublishMode behind(PublishGate another) {
        return new PublishMode(window, where, ordered, gate == null ? another : gate.and(another));
    }

    PublishMode signalOn(Executor others) {
        return new PublishMode(window, others, ordered, gate);
    }

    boolean isOpen() {
        return gate == null || gate.tryPublish();
    }
}
