package io.leasehold.nats.connection;

import io.leasehold.nats.protocol.Subject;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The subjects at which a connection listens for what is meant for it alone. What is drawn has 128 bits: whoever knew
 * an inbox could answer in the place of others.
 *
 * <pre>
 *   _INBOX.4f0c...e1.*       answers to requests, see {@link RequestTable}
 *   _INBOX.4f0c...e1-.17     one of those that are made for a subscription of its own
 * </pre>
 */
final class Inboxes {
    private static final int DRAWN_BYTES = 16;

    private final String root;
    private final AtomicLong made = new AtomicLong();

    Inboxes(String prefix) {
        byte[] drawn = new byte[DRAWN_BYTES];
        new SecureRandom().nextBytes(drawn);
        StringBuilder text = new StringBuilder(prefix).append('.');
        for (byte each : drawn) {
            text.append(Character.forDigit((each >> 4) & 15, 16)).append(Character.forDigit(each & 15, 16));
        }
        this.root = text.toString();
    }

    /** What the subjects of answers begin with. */
    String answers() {
        return root + ".";
    }

    /** A subject that nobody else uses, and that no earlier call gave. */
    Subject fresh() {
        return Subject.of(root + "-." + Long.toString(made.incrementAndGet(), Character.MAX_RADIX));
    }
}
