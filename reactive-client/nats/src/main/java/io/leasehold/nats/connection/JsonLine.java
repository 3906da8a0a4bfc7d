package io.leasehold.nats.connection;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes one flat JSON object, in bytes that can be wiped: a text would stay in memory. No line end gets out
 * unescaped, so that nothing in a value can begin a line of its own.
 */
public final class JsonLine {
    private static final int BYTES_PER_CHAR = 3;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private byte[] bytes = new byte[512];
    private int length;

    JsonLine() {
        bytes[length++] = '{';
    }

    /** Adds a text. */
    JsonLine add(String name, String value) {
        name(name);
        quoted(value.toCharArray());
        return this;
    }

    /** Adds a text and wipes it where it stood. */
    JsonLine addSecret(String name, char[] value) {
        name(name);
        quoted(value);
        Arrays.fill(value, '\0');
        return this;
    }

    JsonLine add(String name, boolean value) {
        name(name);
        for (char letter : String.valueOf(value).toCharArray()) {
            put((byte) letter);
        }
        return this;
    }

    JsonLine add(String name, int value) {
        name(name);
        for (char letter : String.valueOf(value).toCharArray()) {
            put((byte) letter);
        }
        return this;
    }

    private void name(String name) {
        if (length > 1) {
            put((byte) ',');
        }
        quoted(name.toCharArray());
        put((byte) ':');
    }

    private void quoted(char[] text) {
        ByteBuffer encoded = ByteBuffer.allocate(text.length * BYTES_PER_CHAR);
        StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .encode(CharBuffer.wrap(text), encoded, true);
        encoded.flip();
        put((byte) '"');
        while (encoded.hasRemaining()) {
            escaped(encoded.get());
        }
        put((byte) '"');
        Arrays.fill(encoded.array(), (byte) 0);
    }

    private void escaped(byte letter) {
        if (letter == '"' || letter == '\\') {
            put((byte) '\\');
            put(letter);
        } else if (letter >= 0 && letter < ' ') {
            for (char each : new char[] {'\\', 'u', '0', '0', HEX[letter >> 4], HEX[letter & 15]}) {
                put((byte) each);
            }
        } else {
            put(letter);
        }
    }

    private void put(byte letter) {
        if (length == bytes.length) {
            byte[] longer = Arrays.copyOf(bytes, 2 * length);
            wipe();
            bytes = longer;
        }
        bytes[length++] = letter;
    }

    /** The object; what was collected here is wiped. */
    byte[] end() {
        put((byte) '}');
        byte[] whole = Arrays.copyOf(bytes, length);
        wipe();
        return whole;
    }

    private void wipe() {
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public String toString() {
        return "JsonLine[***]";
    }
}
