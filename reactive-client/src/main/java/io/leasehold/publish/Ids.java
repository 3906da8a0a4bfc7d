package io.leasehold.publish;

import io.leasehold.message.MessageId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Ids of a client's own making: its random name and a number. */
final class Ids {
    private static final byte[] DIGITS = "0123456789abcdefghijklmnopqrstuv".getBytes(StandardCharsets.US_ASCII);
    private static final int NAME = 13;
    private static final int NUMBER = 13;

    private final AtomicLong count = new AtomicLong();
    private final byte[] name = new byte[NAME + 1];
    private final byte[] scratch = new byte[NAME + 1 + NUMBER];

    Ids() {
        // The two highest bits of the low half are fixed; the high half has random ones for them.
        UUID random = UUID.randomUUID();
        write(random.getLeastSignificantBits() ^ (random.getMostSignificantBits() << 2), name, 0, NAME);
        name[NAME] = '-';
        System.arraycopy(name, 0, scratch, 0, name.length);
    }

    /** An id that no other has. On any thread. */
    MessageId next() {
        return next(Arrays.copyOf(name, scratch.length));
    }

    /** The same without garbage; in turns only. */
    MessageId nextInTurn() {
        return next(scratch);
    }

    private MessageId next(byte[] text) {
        long number = count.incrementAndGet();
        int digits = (68 - Long.numberOfLeadingZeros(number)) / 5;
        write(number, text, name.length, digits);
        return MessageId.of(new String(text, 0, name.length + digits, StandardCharsets.ISO_8859_1));
    }

    private static void write(long number, byte[] text, int from, int digits) {
        long rest = number;
        for (int i = from + digits - 1; i >= from; i--) {
            text[i] = DIGITS[(int) (rest & 31)];
            rest >>>= 5;
        }
    }
}
