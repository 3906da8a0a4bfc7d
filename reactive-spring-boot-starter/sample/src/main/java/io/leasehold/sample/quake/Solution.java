package io.leasehold.sample.quake;

import org.jspecify.annotations.Nullable;

/**
 * How well an earthquake is located; what the network left empty is {@code null}.
 *
 * @param stations how many stations the location rests on
 * @param gapDegrees the largest angle between neighbouring stations, seen from the epicentre
 * @param distance the distance to the nearest station, in the unit of the reporting network
 * @param rmsSeconds the root mean square of the travel time residuals
 */
public record Solution(
        @Nullable Integer stations,
        @Nullable Double gapDegrees,
        @Nullable Double distance,
        @Nullable Double rmsSeconds) {}
