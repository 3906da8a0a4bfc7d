package io.leasehold.sample.desk;

import io.leasehold.sample.assessment.AssessedQuake;
import io.leasehold.sample.quake.Quake;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The largest earthquake so far.
 *
 * @param id the message id
 * @param magnitude its magnitude
 * @param time when it began
 * @param latitude degrees, north positive
 * @param longitude degrees, east positive
 * @param depthKm kilometres below sea level
 * @param source the reporting network
 */
public record LargestQuake(
        String id,
        BigDecimal magnitude,
        Instant time,
        double latitude,
        double longitude,
        double depthKm,
        String source) {

    static @Nullable LargestQuake of(@Nullable AssessedQuake assessed) {
        if (assessed == null) {
            return null;
        }

        Quake quake = assessed.quake();
        return new LargestQuake(
                assessed.id(),
                quake.magnitude().decimal(),
                quake.time(),
                quake.hypocenter().latitude(),
                quake.hypocenter().longitude(),
                quake.hypocenter().depthKm(),
                quake.report().source());
    }
}
