package io.leasehold.nats.connection;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;

/**
 * The key of a NATS user, which signs a server's nonce: Ed25519 (RFC 8032).
 *
 * <pre>
 *   seed    base 32 of | 2 bytes of prefix | 32 bytes of seed | CRC-16/XMODEM, low byte first |    SU...
 *   public  base 32 of | 1 byte of prefix | 32 bytes of key | CRC-16/XMODEM, low byte first |      U...
 * </pre>
 *
 * <p>Never prints what it holds.
 */
final class UserKey {
    private static final int SEED_PREFIX = 18 << 3;
    private static final int USER_PREFIX = 20 << 3;
    private static final int SEED_BYTES = 32;
    private static final int SEED_TEXT_BYTES = 2 + SEED_BYTES + 2;

    private final PrivateKey key;
    private final String publicText;

    private UserKey(PrivateKey key, String publicText) {
        this.key = key;
        this.publicText = publicText;
    }

    /**
     * Reads a seed; the characters stay the caller's, to be wiped.
     *
     * @param place where it stands, for errors
     * @throws MessagingException {@link ErrorCode#BAD_SETTING} when it is not the seed of a user
     */
    static UserKey ofSeed(char[] text, String place) {
        byte[] bytes = Base32.decode(text);
        byte[] seed = new byte[0];
        try {
            requireSeed(bytes, text.length, place);
            seed = Arrays.copyOfRange(bytes, 2, 2 + SEED_BYTES);
            KeyPair pair = pair(seed);
            return new UserKey(pair.getPrivate(), publicText((EdECPublicKey) pair.getPublic()));
        } catch (GeneralSecurityException missing) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING,
                    "this Java runtime has no Ed25519",
                    "nats credentials",
                    "use a runtime with the module jdk.crypto.ec, or another way to authenticate",
                    missing);
        } finally {
            Arrays.fill(bytes, (byte) 0);
            Arrays.fill(seed, (byte) 0);
        }
    }

    private static void requireSeed(byte[] bytes, int characters, String place) {
        boolean whole = bytes.length == SEED_TEXT_BYTES && crc(bytes, 2 + SEED_BYTES) == tail(bytes);
        int first = whole ? bytes[0] & 0xFF : 0;
        int kind = whole ? ((bytes[0] & 7) << 5) | ((bytes[1] & 0xF8) >> 3) : 0;
        if ((first & 0xF8) != SEED_PREFIX || kind != USER_PREFIX) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING,
                    "the key is not the seed of a NATS user: " + form(bytes, characters),
                    "nats credentials, " + place,
                    "give the text that begins with SU and has 58 characters");
        }
    }

    // Nothing of what is in it.
    private static String form(byte[] bytes, int characters) {
        boolean whole = bytes.length == SEED_TEXT_BYTES;
        String found = whole ? "it is another key, or was mistyped" : "it is no base 32 of that length";
        return characters == 0 ? "it is empty" : found + " (" + characters + " characters)";
    }

    // The runtime derives the public key from a seed only when it believes that it drew the seed at random.
    private static KeyPair pair(byte[] seed) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(NamedParameterSpec.ED25519, new Drawn(seed));
        KeyPair pair = generator.generateKeyPair();
        byte[] drawn = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElse(new byte[0]);
        if (!Arrays.equals(drawn, seed)) {
            throw new GeneralSecurityException("the provider does not take a seed");
        }
        return pair;
    }

    private static String publicText(EdECPublicKey key) {
        byte[] text = new byte[1 + SEED_BYTES + 2];
        text[0] = (byte) USER_PREFIX;
        byte[] y = key.getPoint().getY().toByteArray();
        for (int i = 0; i < Math.min(SEED_BYTES, y.length); i++) {
            text[1 + i] = y[y.length - 1 - i];
        }
        if (key.getPoint().isXOdd()) {
            text[SEED_BYTES] |= (byte) 0x80;
        }
        int crc = crc(text, 1 + SEED_BYTES);
        text[1 + SEED_BYTES] = (byte) crc;
        text[2 + SEED_BYTES] = (byte) (crc >> 8);

        return Base32.encode(text);
    }

    private static int tail(byte[] bytes) {
        return (bytes[bytes.length - 2] & 0xFF) | ((bytes[bytes.length - 1] & 0xFF) << 8);
    }

    /** CRC-16/XMODEM: polynomial 0x1021, from 0. */
    private static int crc(byte[] bytes, int length) {
        int crc = 0;
        for (int i = 0; i < length; i++) {
            crc ^= (bytes[i] & 0xFF) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : (crc << 1) ^ 0x1021;
            }
            crc &= 0xFFFF;
        }
        return crc;
    }

    /** The public key as the server knows it. */
    String publicText() {
        return publicText;
    }

    /** The signature of a nonce, in base 64 for URLs without padding. */
    String sign(String nonce) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(nonce.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Ed25519 was there before", impossible);
        }
    }

    @Override
    public String toString() {
        return "UserKey[" + publicText + "]";
    }

    /** Draws a seed. */
    private static final class Drawn extends SecureRandom {
        private static final long serialVersionUID = 1;
        private final transient byte[] seed;

        Drawn(byte[] seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, Math.min(seed.length, bytes.length));
        }
    }
}
