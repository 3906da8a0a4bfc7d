package io.leasehold.embedded;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The members of a group. Those with credit take turns. */
final class Takers {
    private final List<EmbeddedPort> members = new ArrayList<>(2);
    private final ArrayDeque<EmbeddedPort> turns = new ArrayDeque<>(4);
    private final Tally size = new Tally();

    int size() {
        return (int) size.get();
    }

    void join(EmbeddedPort port) {
        members.add(port);
        size.add(1);
    }

    void leave(EmbeddedPort port) {
        if (members.remove(port)) {
            size.add(-1);
        }
        if (port.isInTurn) {
            turns.remove(port);
            port.isInTurn = false;
        }
    }

    /** A member may have credit now. */
    void ready(EmbeddedPort port) {
        if (!port.isInTurn && port.creditLeft() > 0) {
            port.isInTurn = true;
            turns.addLast(port);
        }
    }

    /** Whose turn it is to take one delivery; null when nobody has credit. The caller delivers at once. */
    @Nullable
    EmbeddedPort next() {
        EmbeddedPort port = turns.pollFirst();
        while (port != null) {
            long left = port.creditLeft();
            port.isInTurn = left > 1;
            if (port.isInTurn) {
                turns.addLast(port);
            }
            if (left > 0) {
                return port;
            }
            port = turns.pollFirst();
        }
        return null;
    }

    List<EmbeddedPort> members() {
        return List.copyOf(members);
    }
}
