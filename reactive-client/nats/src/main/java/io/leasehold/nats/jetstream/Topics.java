package io.leasehold.nats.jetstream;

import io.leasehold.nats.protocol.MessageFrame;
import java.util.Arrays;

/** The topics of what comes, as texts: mostly that of the one before, which is not made anew. On one thread. */
final class Topics {
    private String last = "";
    private byte[] bytes = {};

    String of(MessageFrame frame) {
        byte[] head = frame.head();
        if (!Arrays.equals(head, 0, frame.replyStart(), bytes, 0, bytes.length)) {
            last = frame.subject();
            bytes = Arrays.copyOf(head, frame.replyStart());
        }
        return last;
    }
}
