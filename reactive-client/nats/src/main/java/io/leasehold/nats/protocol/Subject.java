package io.leasehold.nats.protocol;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Is a name as it goes over the wire, checked once: nothing else gets into a control line, since what a server would
 * read as blank or line end could make it obey a line of somebody's choosing. The server itself checks little.
 *
 * <pre>
 *   subject  token{.token}        token  characters above ' ', without '.', '*', '>'
 *   filter   '*' for one token, '>' for the rest
 * </pre>
 */
public final class Subject implements Destination {
    /** The longest name, in bytes: two of them and the numbers stay below a server's limit of 4,096 for a line. */
    public static final int BYTES_MAX = 1_900;

    private final byte[] bytes;

    private Subject(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Returns a subject to publish to.
     *
     * @throws MessagingException {@link ErrorCode#BAD_TOPIC} when a token is empty, or a character is a wildcard, a
     *     blank, a control character or outside ASCII
     */
    public static Subject of(String name) {
        return checked(name, false, true);
    }

    /** Returns a subject to subscribe to, which may hold wildcards as whole tokens; errors as in {@link #of}. */
    public static Subject filter(String name) {
        return checked(name, true, true);
    }

    /** Returns the name of a queue group: one token or more, no wildcards; errors as in {@link #of}. */
    public static Subject queue(String name) {
        return checked(name, false, false);
    }

    private static Subject checked(String name, boolean wildcards, boolean tokens) {
        if (name.isEmpty() || name.length() > BYTES_MAX) {
            throw bad(name, "is empty or longer than " + BYTES_MAX, 0);
        }

        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c >= 127) {
                throw bad(name, "has a blank, a control character or a character outside ASCII", i);
            }
            if ((c == '*' || c == '>') && !(wildcards && isWholeToken(name, i))) {
                throw bad(name, "has a wildcard where none may stand", i);
            }
            if (tokens && c == '.' && (isEdge(name, i) || name.charAt(i - 1) == '.')) {
                throw bad(name, "has an empty token", i);
            }
        }
        return new Subject(name.getBytes(StandardCharsets.US_ASCII));
    }

    private static boolean isEdge(String name, int at) {
        return at == 0 || at == name.length() - 1;
    }

    private static boolean isWholeToken(String name, int at) {
        boolean opens = at == 0 || name.charAt(at - 1) == '.';
        boolean last = at == name.length() - 1;
        return opens && (last || (name.charAt(at) == '*' && name.charAt(at + 1) == '.'));
    }

    private static MessagingException bad(String name, String what, int at) {
        String shown = name.substring(0, Math.min(name.length(), 256)).replaceAll("[^ -~]", "?");
        return new MessagingException(
                ErrorCode.BAD_TOPIC,
                "a subject " + what + " at position " + at,
                "subject '" + shown + "'",
                "use printable ASCII tokens separated by single dots, for example quakes.nc");
    }

    @Override
    public int length() {
        return bytes.length;
    }

    @Override
    public void writeTo(ByteBuf out) {
        out.writeBytes(bytes);
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Subject that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
