package io.leasehold.nats.connection;

import java.util.Arrays;

/** Base 32 of RFC 4648 section 6, in upper case and without padding, as NATS keys are written. */
final class Base32 {
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int BITS = 5;

    private Base32() {}

    static String encode(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length * 8 / BITS + 1);
        int buffer = 0;
        int held = 0;
        for (byte each : bytes) {
            buffer = (buffer << 8) | (each & 0xFF);
            held += 8;
            while (held >= BITS) {
                held -= BITS;
                text.append(LETTERS.charAt((buffer >> held) & 31));
            }
            buffer &= (1 << held) - 1;
        }
        if (held > 0) {
            text.append(LETTERS.charAt((buffer << (BITS - held)) & 31));
        }

        return text.toString();
    }

    /** The bytes, or an empty array when a character is none of the alphabet or bits are left over. */
    static byte[] decode(char[] text) {
        byte[] bytes = new byte[text.length * BITS / 8];
        int buffer = 0;
        int held = 0;
        int filled = 0;
        for (char letter : text) {
            int value = LETTERS.indexOf(letter);
            if (value < 0) {
                Arrays.fill(bytes, (byte) 0);
                return new byte[0];
            }
            buffer = ((buffer << BITS) | value) & 0xFFF;
            held += BITS;
            if (held >= 8) {
                held -= 8;
                bytes[filled++] = (byte) (buffer >> held);
            }
        }
        boolean clean = held < BITS && (buffer & ((1 << held) - 1)) == 0;

        return clean ? bytes : new byte[0];
    }
}
