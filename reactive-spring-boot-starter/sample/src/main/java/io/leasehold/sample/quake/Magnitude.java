package io.leasehold.sample.quake;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The magnitude of an earthquake, kept as a whole number of hundredths so that counting by magnitude is exact.
 *
 * @param hundredths the magnitude times 100, from {@link #MIN_HUNDREDTHS} to {@link #MAX_HUNDREDTHS}
 * @param type the scale, such as {@code Mw} or {@code ML}; {@code null} where none was given
 */
public record Magnitude(int hundredths, @Nullable String type) {

    /** The smallest magnitude that is accepted, in hundredths. */
    public static final int MIN_HUNDREDTHS = -200;

    /** The largest magnitude that is accepted, in hundredths. */
    public static final int MAX_HUNDREDTHS = 1000;

    /** Refuses a magnitude out of bounds. */
    public Magnitude {
        if (hundredths < MIN_HUNDREDTHS || hundredths > MAX_HUNDREDTHS) {
            throw new IllegalArgumentException("hundredths of a magnitude: " + hundredths + " is out of bounds; give "
                    + MIN_HUNDREDTHS + " to " + MAX_HUNDREDTHS);
        }
    }

    /** Returns the magnitude as a floating point number. */
    public double value() {
        return hundredths / 100.0;
    }

    /** Returns the magnitude with exactly two decimals. */
    public BigDecimal decimal() {
        return BigDecimal.valueOf(hundredths, 2);
    }
}
