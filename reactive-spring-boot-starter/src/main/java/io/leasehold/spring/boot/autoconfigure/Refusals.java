package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the core refuses, said of the thing that users have written: a property, an annotated method. */
public final class Refusals {
    private Refusals() {}

    /**
     * The same refusal, of something else: code, reason and remedy stay.
     *
     * @param subject what users know: a property below its prefix, a method
     * @param refused what the core said, which becomes the cause
     */
    public static MessagingException at(String subject, MessagingException refused) {
        return new MessagingException(refused.code(), refused.what(), subject, refused.remedy(), refused);
    }

    /** The same refusal, which also says on what larger thing; itself when it says so already. */
    public static MessagingException within(String larger, MessagingException refused) {
        boolean said = refused.subject().contains(larger);
        return said ? refused : at(refused.subject() + " of " + larger, refused);
    }

    /** Tries one property on the settings of the core, which know its bounds; null is not set, and passes. */
    static <V> void tried(String property, @Nullable V value, Consumer<V> core) {
        if (value == null) {
            return;
        }
        try {
            core.accept(value);
        } catch (MessagingException refused) {
            throw at(property, refused);
        } catch (ArithmeticException tooLarge) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING, value + " is too large", property, "choose a smaller value", tooLarge);
        }
    }
}
