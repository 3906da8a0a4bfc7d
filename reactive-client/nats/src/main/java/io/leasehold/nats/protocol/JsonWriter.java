package io.leasehold.nats.protocol;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON object, in bytes that are wiped behind it: a text would stay in memory, and so would the buffers of
 * a library. No line end gets out unescaped, so that nothing in a value can begin a line of its own.
 */
public final class JsonWriter {
    private static final int BYTES_PER_CHAR = 3;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private byte[] bytes = new byte[512];
    private int length;

    /** Makes an object without fields. */
    public JsonWriter() {
        bytes[length++] = '{';
    }

    /**
     * Writes an object of maps, lists, whole numbers and {@code Boolean}s; everything else as a text.
     *
     * @return its bytes
     */
    public static byte[] write(Map<String, ?> object) {
        JsonWriter writer = new JsonWriter();
        writer.fields(object);
        return writer.end();
    }

    /** Adds a text, a number or a flag. */
    public JsonWriter add(String name, Object value) {
        name(name, length == 1);
        value(value);
        return this;
    }

    /** Adds a text and wipes it where it stood. */
    public JsonWriter addSecret(String name, char[] value) {
        name(name, length == 1);
        quoted(value);
        Arrays.fill(value, '\0');
        return this;
    }

    /** Returns the object; what was collected here is wiped. */
    public byte[] end() {
        put((byte) '}');
        byte[] whole = Arrays.copyOf(bytes, length);
        wipe();
        return whole;
    }

    private void fields(Map<?, ?> object) {
        boolean first = true;
        for (Map.Entry<?, ?> field : object.entrySet()) {
            name(String.valueOf(field.getKey()), first);
            value(field.getValue());
            first = false;
        }
    }

    private void name(String name, boolean first) {
        if (!first) {
            put((byte) ',');
        }
        quoted(name.toCharArray());
        put((byte) ':');
    }

    private void value(@Nullable Object value) {
        if (value instanceof Map<?, ?> object) {
            put((byte) '{');
            fields(object);
            put((byte) '}');
        } else if (value instanceof List<?> array) {
            put((byte) '[');
            elements(array);
            put((byte) ']');
        } else if (value instanceof Number number) {
            plain(Long.toString(number.longValue()));
        } else if (value instanceof Boolean flag) {
            plain(flag.toString());
        } else {
            quoted(String.valueOf(value).toCharArray());
        }
    }

    private void elements(List<?> array) {
        for (int i = 0; i < array.size(); i++) {
            if (i > 0) {
                put((byte) ',');
            }
            value(array.get(i));
        }
    }

    private void plain(String text) {
        for (int i = 0; i < text.length(); i++) {
            put((byte) text.charAt(i));
        }
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

    private void wipe() {
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public String toString() {
        return "JsonWriter[***]";
    }
}
