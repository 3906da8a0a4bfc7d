package io.leasehold.publish;

import io.leasehold.message.MessageId;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Ids of a client's own making: its random name and a number. */
final class Ids {
    private static final byte[] DIGITS = "0123456789abcdefghijklmnopqrstuv".getBytes(StandardCharsets.US_ASCII);
    private static final int NAME = 13;

    private final AtomicLong count = new AtomicLong();
    private final byte[] name = new byte[NAME + 1];

    Ids() {
        // The two highest bits of the low half are fixed; the high half has random ones for them.
        UUID random = UUID.randomUUID();
        write(random.getLeastSignificantBits() ^ (random.getMostSignificantBits() << 2), name, NAME);
        name[NAME] = '-';
    }

    /** An id that no other has. */
    MessageId next() {
        long number = count.incrementAndGet();
        int digits = Math.max(1, (68 - Long.numberOfLeadingZeros(number)) / 5);
        byte[] text = new byte[name.length + digits];
        System.arraycopy(name, 0, text, 0, name.length);
        write(number, text, text.length);
        return MessageId.of(new String(text, StandardCharsets.ISO_8859_1));
    }

    private static void write(long number, byte[] text, int end) {
        long rest = number;
        for (int i = end - 1; i >= 0 && text[i] == 0; i--) {
            text[i] = DIGITS[(int) (rest & 31)];
            rest >>>= 5;
        }
    }
}
