package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.TopicFilter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Names the streams that are made here. Letters, digits, {@code _} and {@code -} stand for themselves, a dot is {@code
 * +}, and of everything else each byte is {@code =} and two digits: so no two sets of topics share a name.
 */
final class StreamNames {
    private static final int LENGTH_MAX = 180;
    private static final int HASH_BYTES = 8;
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private StreamNames() {}

    /**
     * Returns the stream of a family, which has all topics with the same first token as a filter.
     *
     * @throws MessagingException {@link ErrorCode#BAD_TOPIC} when the filter begins with a wildcard
     */
    static StreamSpec family(TopicFilter filter) {
        String text = filter.toString();
        String family = text.indexOf('.') < 0 ? text : text.substring(0, text.indexOf('.'));
        if (family.equals("*") || family.equals(">")) {
            throw JetStreamErrors.beginsWithWildcard(text);
        }
        return StreamSpec.of(encoded(family), List.of(family, family + ".>"));
    }

    /** Returns the stream of these topics alone. */
    static StreamSpec alone(TopicFilter filter) {
        String text = filter.toString();
        return StreamSpec.of(encoded(text) + (text.indexOf('.') < 0 ? "+" : ""), List.of(text));
    }

    private static String encoded(String text) {
        StringBuilder name = new StringBuilder();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (byte each : bytes) {
            if (each == '.') {
                name.append('+');
            } else if (isPlain(each)) {
                name.append((char) each);
            } else {
                name.append('=').append(HEX.toHexDigits(each));
            }
        }

        return name.length() <= LENGTH_MAX ? name.toString() : name.substring(0, LENGTH_MAX) + "=" + hash(bytes);
    }

    private static boolean isPlain(byte each) {
        return (each >= 'a' && each <= 'z')
                || (each >= 'A' && each <= 'Z')
                || (each >= '0' && each <= '9')
                || each == '_'
                || each == '-';
    }

    private static String hash(byte[] bytes) {
        try {
            return HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
