package io.leasehold.nats.server;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;

/** A key of NATS in its text forms, made by the JDK: of an operator, an account or a user. */
public final class TestKey {
    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int RAW_BYTES = 32;
    private static final int SEED = 18 << 3;

    private final KeyPair pair;
    private final int kind;

    private TestKey(int kind) {
        this.kind = kind;
        try {
            pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static TestKey user() {
        return new TestKey(20 << 3);
    }

    static TestKey operator() {
        return new TestKey(14 << 3);
    }

    static TestKey account() {
        return new TestKey(0);
    }

    /** The text by which servers know it; it begins with the letter of its kind. */
    public String name() {
        byte[] raw = last(pair.getPublic().getEncoded());
        byte[] named = new byte[1 + RAW_BYTES];
        named[0] = (byte) kind;
        System.arraycopy(raw, 0, named, 1, RAW_BYTES);
        return base32(checked(named));
    }

    /** The secret text; it begins with S and the letter of its kind. */
    public String seed() {
        byte[] raw = last(pair.getPrivate().getEncoded());
        byte[] named = new byte[2 + RAW_BYTES];
        named[0] = (byte) (SEED | kind >> 5);
        named[1] = (byte) ((kind & 31) << 3);
        System.arraycopy(raw, 0, named, 2, RAW_BYTES);
        return base32(checked(named));
    }

    /** The signature of a text, in the form in which it goes over the line. */
    public String sign(String text) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(pair.getPrivate());
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Both encodings of the JDK end with the raw key. */
    private static byte[] last(byte[] encoded) {
        return Arrays.copyOfRange(encoded, encoded.length - RAW_BYTES, encoded.length);
    }

    /** CRC-16/XMODEM, low byte first. */
    private static byte[] checked(byte[] content) {
        int crc = 0;
        for (byte next : content) {
            crc ^= (next & 0xff) << 8;
            for (int i = 0; i < 8; i++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ 0x1021;
            }
        }
        byte[] both = Arrays.copyOf(content, content.length + 2);
        both[content.length] = (byte) crc;
        both[content.length + 1] = (byte) (crc >> 8);
        return both;
    }

    private static String base32(byte[] content) {
        StringBuilder text = new StringBuilder();
        int bits = 0;
        int count = 0;
        for (byte next : content) {
            bits = (bits << 8 | next & 0xff) & 0xffff;
            for (count += 8; count >= 5; count -= 5) {
                text.append(DIGITS.charAt(bits >> count - 5 & 31));
            }
        }
        return count == 0
                ? text.toString()
                : text.append(DIGITS.charAt(bits << 5 - count & 31)).toString();
    }
}
