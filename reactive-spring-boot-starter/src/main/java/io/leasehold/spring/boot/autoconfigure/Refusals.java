package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.api.Internal;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/** What the core refuses, said of the thing that users have written: a property, an annotated method. */
@Internal
public final class Refusals {
    private Refusals() {}

    /**
     * Says the same refusal of something else: code, reason and remedy stay.
     *
     * @param subject what users know: a property below its prefix, a method
     * @param refused what the core said, which becomes the cause
     */
    public static MessagingException at(String subject, MessagingException refused) {
        return new MessagingException(refused.code(), refused.what(), subject, refused.remedy(), refused);
    }

    /** Says of a refusal also to what larger thing its subject belongs; unchanged when it says so already. */
    public static MessagingException within(String larger, MessagingException refused) {
        boolean said = refused.subject().contains(larger);
        return said ? refused : at(refused.subject() + " of " + larger, refused);
    }

    /**
     * Says of a client that has a name what was said of the default one: properties of these groups stand below that
     * client. Unchanged when no text names such a property.
     *
     * @param client what the properties of the client begin with
     * @param groups what can stand below a client, for example nats
     */
    static MessagingException ofClient(
            ConfigurationPropertyName client, Collection<String> groups, MessagingException refused) {
        UnaryOperator<String> below = text -> {
            String said = text;
            for (String group : groups) {
                said = said.replace(LeaseholdProperties.PREFIX + "." + group + ".", client + "." + group + ".");
            }
            return said;
        };
        String what = below.apply(refused.what());
        String subject = below.apply(refused.subject());
        String remedy = below.apply(refused.remedy());
        boolean same = (what + subject + remedy).equals(refused.what() + refused.subject() + refused.remedy());

        return same ? refused : new MessagingException(refused.code(), what, subject, remedy, refused);
    }

    /** Refuses several beans of one type, of which none is marked as the one to take. */
    public static MessagingException ambiguous(String type, List<String> beans, String subject) {
        return new MessagingException(
                ErrorCode.BAD_SETTING,
                "there are " + beans.size() + " beans of type " + type + ": " + String.join(", ", beans),
                subject,
                "mark one @Primary");
    }

    /**
     * Calls a customizer and returns what it made.
     *
     * @throws MessagingException {@code BAD_SETTING} naming the customizer, when it throws or returns null
     */
    public static <T> T customized(Object customizer, T given, UnaryOperator<T> call) {
        @Nullable T made;
        try {
            made = call.apply(given);
        } catch (MessagingException refused) {
            throw within(customizer.getClass().getName(), refused);
        } catch (Throwable thrown) {
            throw badCustomizer("a customizer threw " + textOf(thrown), customizer, thrown);
        }
        if (made == null) {
            throw badCustomizer("a customizer returned null", customizer, null);
        }

        return made;
    }

    // It is the user's, and may throw when it is asked for its text.
    private static String textOf(Throwable thrown) {
        try {
            return String.valueOf(thrown);
        } catch (Throwable untold) {
            return thrown.getClass().getName();
        }
    }

    private static MessagingException badCustomizer(String what, Object customizer, @Nullable Throwable cause) {
        return new MessagingException(
                ErrorCode.BAD_SETTING, what, customizer.getClass().getName(), "correct or remove this bean", cause);
    }

    /** Tells whether a time or a size is written as a bare number; zero is the same in all units. */
    public static boolean lacksUnit(String text) {
        return text.matches("[+-]?[0-9]+") && !text.matches("[+-]?0+");
    }

    /** Says what to write instead of a bare number. */
    public static String withUnit(String text, Class<?> type) {
        return type == Duration.class
                ? "write " + text + "s for seconds, " + text + "ms for milliseconds, " + text + "m for minutes"
                : "write " + text + "B for bytes, " + text + "KB or " + text + "MB";
    }

    /** Checks one property by the settings of the core, which know its bounds. Null is not set, and passes. */
    static <V> void check(String property, @Nullable V value, Function<V, ?> core) {
        if (value == null) {
            return;
        }

        try {
            Objects.requireNonNull(core.apply(value));
        } catch (MessagingException refused) {
            throw at(property, refused);
        } catch (ArithmeticException tooLarge) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING, value + " is too large", property, "choose a smaller value", tooLarge);
        }
    }
}
