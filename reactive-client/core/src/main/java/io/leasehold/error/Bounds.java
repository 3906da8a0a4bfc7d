package io.leasehold.error;

import io.leasehold.api.Internal;
import java.time.Duration;

/** Checks settings where they are set, and names the one that is out of its bounds. */
@Internal
public final class Bounds {
    private Bounds() {}

    /**
     * Returns a number that is within its bounds, both included.
     *
     * @param setting the property, as in {@code leasehold.publish.window}; without the first word where there is none
     * @throws MessagingException {@link ErrorCode#BAD_SETTING} naming setting, value and bounds
     */
    public static int within(String setting, int value, int least, int most) {
        require(setting, value >= least && value <= most, value, least + ".." + most);
        return value;
    }

    /**
     * Returns a number that is within its bounds, both included.
     *
     * @param setting the property, or its name without the first word
     * @throws MessagingException {@link ErrorCode#BAD_SETTING} naming setting, value and bounds
     */
    public static long within(String setting, long value, long least, long most) {
        require(setting, value >= least && value <= most, value, least + ".." + most);
        return value;
    }

    /**
     * Returns a time that is within its bounds, both included.
     *
     * @param setting the property, or its name without the first word
     * @throws MessagingException {@link ErrorCode#BAD_SETTING} naming setting, value and bounds
     */
    public static Duration within(String setting, Duration value, Duration least, Duration most) {
        boolean holds = value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
        require(setting, holds, value, least + ".." + most);
        return value;
    }

    /**
     * Returns a number that is within its bounds, both included.
     *
     * @param setting the property, or its name without the first word
     * @throws MessagingException {@link ErrorCode#BAD_SETTING} naming setting, value and bounds
     */
    public static double within(String setting, double value, double least, double most) {
        require(setting, value >= least && value <= most, value, least + ".." + most);
        return value;
    }

    private static void require(String setting, boolean holds, Object value, String bounds) {
        if (!holds) {
            throw MessagingException.badSetting(setting, value, "in " + bounds);
        }
    }
}
