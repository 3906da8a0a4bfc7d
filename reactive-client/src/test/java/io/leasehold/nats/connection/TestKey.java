package io.leasehold.nats.connection;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.util.Arrays;
import java.util.Base64;

/** A fresh key of an operator, an account or a user, and what those sign for each other. */
final class TestKey {
    private final int kind;
    private final PrivateKey key;
    private final byte[] seed;
    private final byte[] point;

    private TestKey(int kind) throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        this.kind = kind << 3;
        this.key = pair.getPrivate();
        this.seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
        this.point = point((EdECPublicKey) pair.getPublic());
    }

    static TestKey operator() throws Exception {
        return new TestKey(14);
    }

    static TestKey account() throws Exception {
        return new TestKey(0);
    }

    static TestKey user() throws Exception {
        return new TestKey(20);
    }

    private static byte[] point(EdECPublicKey key) {
        byte[] encoded = key.getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    }

    private static String withCrc(byte[] bytes) {
        byte[] whole = Arrays.copyOf(bytes, bytes.length + 2);
        int crc = 0;
        for (byte each : bytes) {
            crc ^= (each & 0xFF) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : (crc << 1) ^ 0x1021;
            }
        }
        whole[bytes.length] = (byte) crc;
        whole[bytes.length + 1] = (byte) (crc >> 8);
        return Base32.encode(whole);
    }

    String publicText() {
        byte[] bytes = new byte[33];
        bytes[0] = (byte) kind;
        System.arraycopy(point, 0, bytes, 1, 32);
        return withCrc(bytes);
    }

    String seedText() {
        byte[] bytes = new byte[34];
        bytes[0] = (byte) ((18 << 3) | (kind >> 5));
        bytes[1] = (byte) ((kind & 31) << 3);
        System.arraycopy(seed, 0, bytes, 2, 32);
        return withCrc(bytes);
    }

    /** A JWT in which this key says something of another one. */
    String says(TestKey subject, String type) throws Exception {
        String claims = "{\"jti\":\"x\",\"iat\":1600000000,\"iss\":\"" + publicText()
                + "\",\"name\":\"test\",\"sub\":\"" + subject.publicText() + "\",\"nats\":" + type + "}";
        String text = base64("{\"typ\":\"JWT\",\"alg\":\"ed25519-nkey\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + base64(claims.getBytes(StandardCharsets.UTF_8));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(key);
        signature.update(text.getBytes(StandardCharsets.US_ASCII));
        return text + "." + base64(signature.sign());
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
