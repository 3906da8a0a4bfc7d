package io.leasehold.message;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.util.List;

/**
 * The rules of topic names: tokens separated by dots, none empty, printable, no space, and no wildcard ({@code *},
 * {@code >}). The same rules hold on every broker, so that a name that works on the embedded one works on the next.
 *
 * <p>What servers and clients say to each other goes over topics too: those that begin with {@code $JS.}, {@code
 * $SYS.}, {@code _INBOX.} or {@code leasehold.claims.} are nobody's to publish to, whoever put the name together.
 */
public final class Topic {
    /** The longest topic name, in characters. */
    public static final int MAX_LENGTH = 255;

    private static final List<String> RESERVED = List.of("$JS.", "$SYS.", "_INBOX.", "leasehold.claims.");

    private Topic() {}

    /**
     * Returns the name itself when it is a topic to publish to.
     *
     * @throws MessagingException {@link ErrorCode#BAD_TOPIC} naming the first character that is wrong
     */
    public static String require(String name) {
        check(name, false);
        for (int i = 0; i < RESERVED.size(); i++) {
            if (name.startsWith(RESERVED.get(i))) {
                throw bad(name, "begins with " + RESERVED.get(i) + ", which is not for messages,", 0);
            }
        }
        return name;
    }

    static void check(String name, boolean wildcards) {
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            throw bad(name, "is empty or longer than " + MAX_LENGTH + " characters", 0);
        }
        boolean tokenStart = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '.') {
                requireToken(name, i, tokenStart);
                tokenStart = true;
                continue;
            }
            requireCharacter(name, i, wildcards && isWholeToken(name, i));
            tokenStart = false;
        }
        requireToken(name, name.length(), tokenStart);
    }

    private static void requireToken(String name, int at, boolean empty) {
        if (empty) {
            throw bad(name, "has an empty token", at);
        }
    }

    private static void requireCharacter(String name, int at, boolean wildcardHere) {
        char c = name.charAt(at);
        if ((c == '*' || c == '>') && !wildcardHere) {
            throw bad(name, "has a wildcard", at);
        }
        if (c == '>' && at != name.length() - 1) {
            throw bad(name, "has a '>' that is not the last token", at);
        }
        if (c <= ' ' || c >= 127) {
            throw bad(name, "has a space, a control character or a character outside ASCII", at);
        }
    }

    private static boolean isWholeToken(String name, int at) {
        boolean opens = at == 0 || name.charAt(at - 1) == '.';
        boolean closes = at == name.length() - 1 || name.charAt(at + 1) == '.';
        return opens && closes;
    }

    private static MessagingException bad(String name, String what, int at) {
        return new MessagingException(
                ErrorCode.BAD_TOPIC,
                "a topic " + what + " at position " + at,
                printable(name),
                "use printable ASCII tokens separated by single dots, for example quakes.nc");
    }

    private static String printable(String name) {
        StringBuilder text = new StringBuilder("topic '");
        for (int i = 0; i < Math.min(name.length(), MAX_LENGTH); i++) {
            char c = name.charAt(i);
            text.append(c < ' ' || c >= 127 ? '?' : c);
        }
        return text.append('\'').toString();
    }
}
