package io.leasehold.message;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a message: an immutable list of names and values in the order in which they were set. Names are
 * compared without regard to case; a name may occur more than once. Values arrive as they were sent, character by
 * character, blanks at their ends included.
 *
 * <p>Names that begin with {@code Nats-}, and {@code Leasehold-Key}, are no user's: a publish that has one, other than
 * a condition that its broker knows, is refused by every broker.
 */
@CheckReturnValue
public final class Headers {
    /** How many pairs there may be; a message that is published may have 1,000, all of which arrive. */
    public static final int PAIRS_MAX = 1_024;

    private static final int NAME_MAX = 256;
    private static final Headers NONE = new Headers(new String[0]);

    private final String[] pairs;

    private Headers(String[] pairs) {
        this.pairs = pairs;
    }

    /** No headers. */
    public static Headers none() {
        return NONE;
    }

    /**
     * These headers with one more. Copies them: a {@link #builder()} collects many.
     *
     * @throws MessagingException {@link ErrorCode#BAD_HEADER} when the name is not an HTTP-like token, the value
     *     holds a line break, NUL or half a character, or there are {@value #PAIRS_MAX} already
     */
    public Headers with(String name, String value) {
        requireName(name);
        requireValue(name, value);
        requireRoom(pairs.length, name);
        String[] longer = Arrays.copyOf(pairs, pairs.length + 2);
        longer[pairs.length] = name;
        longer[pairs.length + 1] = value;
        return new Headers(longer);
    }

    /** Headers to be collected, in time that grows with their number. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects headers. Not for several threads. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private static final int FIRST_PAIRS = 8;

        private String[] pairs = new String[2 * FIRST_PAIRS];
        private int length;

        private Builder() {}

        /**
         * Adds a pair; errors as in {@link Headers#with}.
         *
         * @throws MessagingException {@link ErrorCode#BAD_HEADER}; what was added before stays
         */
        public Builder add(String name, String value) {
            requireName(name);
            requireValue(name, value);
            requireRoom(length, name);
            put(name, value);
            return this;
        }

        /** Adds a pair that {@link #add} would add; else nothing happens, which costs no exception. */
        public Builder addIfFit(String name, String value) {
            if (length < 2 * PAIRS_MAX && isName(name) && isValue(value)) {
                put(name, value);
            }
            return this;
        }

        private void put(String name, String value) {
            if (length == pairs.length) {
                pairs = Arrays.copyOf(pairs, 2 * length);
            }
            pairs[length++] = name;
            pairs[length++] = value;
        }

        /** How many pairs there are. */
        public int size() {
            return length / 2;
        }

        /** The headers so far. */
        @CheckReturnValue
        public Headers build() {
            return length == 0 ? NONE : new Headers(Arrays.copyOf(pairs, length));
        }
    }

    /** These headers without any of the given name. */
    public Headers without(String name) {
        if (first(name).isEmpty()) {
            return this;
        }
        List<String> kept = new ArrayList<>(pairs.length);
        forEach((n, v) -> {
            if (!n.equalsIgnoreCase(name)) {
                kept.add(n);
                kept.add(v);
            }
        });
        return kept.isEmpty() ? NONE : new Headers(kept.toArray(new String[0]));
    }

    /** The first value of a name. */
    public Optional<String> first(String name) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].equalsIgnoreCase(name)) {
                return Optional.of(pairs[i + 1]);
            }
        }
        return Optional.empty();
    }

    /** All values of a name, in order. */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(2);
        forEach((n, v) -> {
            if (n.equalsIgnoreCase(name)) {
                values.add(v);
            }
        });
        return List.copyOf(values);
    }

    /** Calls back for each pair, in order. */
    public void forEach(BiConsumer<String, String> each) {
        for (int i = 0; i < pairs.length; i += 2) {
            each.accept(pairs[i], pairs[i + 1]);
        }
    }

    /** The number of pairs. */
    public int size() {
        return pairs.length / 2;
    }

    /** How many bytes all names and values have in UTF-8. */
    public long sizeBytes() {
        long sum = 0;
        for (String text : pairs) {
            for (int i = 0; i < text.length(); i++) {
                sum += bytes(text.charAt(i));
            }
        }
        return sum;
    }

    // Of the four bytes of a pair each half counts two.
    private static int bytes(char c) {
        if (c < 0x80) {
            return 1;
        }
        return c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return pairs.length == 0;
    }

    private static void requireName(String name) {
        if (!isName(name)) {
            throw bad("a header name is empty, too long, or holds a space, a colon or a control character", name);
        }
    }

    private static boolean isName(String name) {
        boolean good = !name.isEmpty() && name.length() <= NAME_MAX;
        for (int i = 0; good && i < name.length(); i++) {
            char c = name.charAt(i);
            good = c > ' ' && c < 127 && c != ':';
        }
        return good;
    }

    private static void requireValue(String name, String value) {
        if (!isValue(value)) {
            throw bad("a header value holds a line break, NUL or half a character", name);
        }
    }

    private static boolean isValue(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean pair = i + 1 < value.length() && Character.isSurrogatePair(c, value.charAt(i + 1));
            if (c == '\r' || c == '\n' || c == 0 || (Character.isSurrogate(c) && !pair)) {
                return false;
            }
            i += pair ? 1 : 0;
        }
        return true;
    }

    private static void requireRoom(int length, String name) {
        if (length >= 2 * PAIRS_MAX) {
            throw new MessagingException(
                    ErrorCode.BAD_HEADER,
                    "a message has more than " + PAIRS_MAX + " headers",
                    "header '" + printable(name) + "'",
                    "put what belongs together into one value, or into the body");
        }
    }

    private static String printable(String name) {
        return name.substring(0, Math.min(name.length(), NAME_MAX)).replaceAll("[^ -~]", "?");
    }

    private static MessagingException bad(String what, String name) {
        return new MessagingException(
                ErrorCode.BAD_HEADER,
                what,
                "header '" + printable(name) + "'",
                "use printable names without ':' and values on one line");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Headers that && Arrays.equals(pairs, that.pairs);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(pairs);
    }

    @Override
    public String toString() {
        return Arrays.toString(pairs);
    }
}
