package io.leasehold.publish;

import io.leasehold.message.MessageId;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Makes ids for one client: its random name and a number. */
final class Ids {
    private static final int DIGITS = 13;
    private static final int DIGIT_BITS = 5;

    private final AtomicLong count = new AtomicLong();
    private final MessageId name;

    Ids() {
        // The two highest bits of the low half are fixed; the high half has random ones for them.
        UUID random = UUID.randomUUID();
        long bits = random.getLeastSignificantBits() ^ (random.getMostSignificantBits() << 2);

        StringBuilder text = new StringBuilder(DIGITS + 1);
        for (int i = DIGITS - 1; i >= 0; i--) {
            text.append(Character.forDigit((int) (bits >>> (DIGIT_BITS * i)) & 31, 32));
        }
        name = MessageId.of(text.append('-').toString());
    }

    /** Returns an id that no other message has. On any thread. */
    MessageId next() {
        return name.numbered(count.incrementAndGet());
    }
}
