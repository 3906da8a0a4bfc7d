package io.leasehold.wire;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Is something that only we and the server may know, given as characters or as a file, which is read again at each
 * connect. Never prints what it holds. Equal when file or characters are, so that settings can be compared.
 */
@CheckReturnValue
public final class Secret {
    private static final long FILE_BYTES_MAX = 64 * 1024;

    private final char[] characters;
    private final @Nullable Path file;

    private Secret(char[] characters, @Nullable Path file) {
        this.characters = characters;
        this.file = file;
    }

    /** Makes a secret that does not change; the characters are copied. */
    public static Secret of(char[] characters) {
        return new Secret(characters.clone(), null);
    }

    /** Makes the same of a text, which stays in memory for as long as Java wants. */
    public static Secret of(String text) {
        return new Secret(text.toCharArray(), null);
    }

    /** Makes a secret that stands in a file, in UTF-8, without the blanks and line ends around it; at most 64 KiB. */
    public static Secret inFile(Path file) {
        return new Secret(new char[0], file);
    }

    /**
     * Returns the characters, to be wiped by the caller. Reads a file, thus blocks.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING} when the file cannot be read
     */
    public char[] read() {
        return file == null ? characters.clone() : stripped(readFile(file));
    }

    /**
     * Returns the characters without blanks and line ends around them, wherever they stand: for what cannot have any.
     */
    public char[] readStripped() {
        return stripped(read());
    }

    /** Tells where this secret stands, for errors. */
    public String place() {
        return file == null ? "the settings" : file.toString();
    }

    /** Reads the characters of a file; errors name the file and not what is in it. */
    public static char[] readFile(Path file) {
        byte[] bytes = new byte[0];
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw unreadable(file, "is longer than " + FILE_BYTES_MAX + " bytes", null);
            }
            bytes = Files.readAllBytes(file);
            CharBuffer buffer = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
            char[] characters = new char[buffer.remaining()];
            buffer.get(characters);
            Arrays.fill(buffer.array(), '\0');
            return characters;
        } catch (IOException missing) {
            throw unreadable(file, "cannot be read", missing);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static MessagingException unreadable(Path file, String what, @Nullable IOException cause) {
        return new MessagingException(
                ErrorCode.BAD_SETTING,
                "the file of a secret " + what,
                "credentials, " + file,
                "give a file that this process may read",
                cause);
    }

    private static char[] stripped(char[] characters) {
        int start = 0;
        int end = characters.length;
        while (start < end && characters[start] <= ' ') {
            start++;
        }
        while (end > start && characters[end - 1] <= ' ') {
            end--;
        }
        char[] stripped = Arrays.copyOfRange(characters, start, end);
        Arrays.fill(characters, '\0');

        return stripped;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Secret that
                && Arrays.equals(characters, that.characters)
                && Objects.equals(file, that.file);
    }

    @Override
    public int hashCode() {
        // Not of the characters: a hash is a trace of them.
        return Objects.hashCode(file);
    }

    @Override
    public String toString() {
        return file == null ? "Secret[***]" : "Secret[" + file + "]";
    }
}
