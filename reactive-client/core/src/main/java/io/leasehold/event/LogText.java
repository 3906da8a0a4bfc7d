package io.leasehold.event;

import io.leasehold.error.MessagingException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes texts of strangers so that they can stand in a line of a log: nothing breaks the line, nothing is long. */
final class LogText {
    /** How many characters of one text are shown. */
    static final int SHOWN_MAX = 128;

    /** How many of a remedy, which is ours. */
    static final int REMEDY_MAX = 256;

    private static final int FRAMES_MAX = 8;
    private static final int CAUSES_MAX = 4;

    private LogText() {}

    /** A text with what is no plain character escaped, cut to {@value #SHOWN_MAX} characters. */
    static String of(String text) {
        return of(text, SHOWN_MAX);
    }

    static String of(String text, int most) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), most));
        int at = 0;
        while (at < text.length() && line.length() < most) {
            int point = text.codePointAt(at);
            append(line, point);
            at += Character.charCount(point);
        }
        if (line.length() > most || at < text.length()) {
            line.setLength(most - 1);
            line.append('\u2026');
        }
        return line.toString();
    }

    private static void append(StringBuilder line, int point) {
        switch (point) {
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            case '\\' -> line.append("\\\\");
            default -> {
                if (isPlain(point)) {
                    line.appendCodePoint(point);
                } else {
                    line.append(String.format(Locale.ROOT, "\\u%04x", point));
                }
            }
        }
    }

    // Of other scripts letters, digits and marks; nothing that turns the direction or ends a line.
    private static boolean isPlain(int point) {
        return point < 128 ? point >= ' ' && point < 127 : Character.isLetterOrDigit(point);
    }

    /** A fact as it is shown; null for one that is not, since nobody knows what it holds. */
    static @Nullable String fact(Object fact) {
        if (fact instanceof Duration time) {
            return time.toString().substring(2).toLowerCase(Locale.ROOT);
        }
        if (fact instanceof Enum<?> one) {
            return one.name();
        }
        if (fact instanceof Throwable fault) {
            return throwable(fault);
        }
        boolean shown = fact instanceof String || fact instanceof Number || fact instanceof Boolean;
        return shown ? of(fact.toString()) : null;
    }

    /**
     * Where something was thrown. The text of an error that is not ours is left out, since it may quote a body; that
     * of a missing class names the class.
     */
    private static String throwable(Throwable fault) {
        StringBuilder line = new StringBuilder();
        Throwable one = fault;
        for (int depth = 0; one != null && depth < CAUSES_MAX; depth++) {
            line.append(depth == 0 ? "" : " caused by ")
                    .append(of(one.getClass().getName()));
            appendText(line, one);
            appendFrames(line, one.getStackTrace(), depth == 0 ? FRAMES_MAX : 2);
            one = one.getCause();
        }
        return line.toString();
    }

    private static void appendText(StringBuilder line, Throwable one) {
        if (one instanceof MessagingException ours) {
            line.append(' ').append(ours.code()).append(' ').append(of(ours.what()));
        } else if (one instanceof LinkageError && one.getMessage() != null) {
            line.append(' ').append(of(one.getMessage()));
        }
    }

    private static void appendFrames(StringBuilder line, StackTraceElement[] frames, int most) {
        for (int i = 0; i < Math.min(most, frames.length); i++) {
            line.append(i == 0 ? " at " : " < ").append(of(frames[i].toString()));
        }
    }
}
