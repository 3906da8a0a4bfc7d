package io.leasehold.publish;

import org.jspecify.annotations.Nullable;

/** The ordered messages of one key: one on its way, the others behind it. */
final class KeyLane {
    final String key;
    final WaitList waiting = new WaitList();

    @Nullable
    PendingPublish turn;

    boolean halted;

    KeyLane(String key) {
        this.key = key;
    }
}
