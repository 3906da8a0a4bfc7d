package io.leasehold.sample.quake;

import java.time.Instant;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * One earthquake as a network reported it.
 *
 * <p>As JSON it is one flat object; {@link QuakeJson} describes it.
 *
 * @param time when it began, in UTC
 * @param hypocenter where it began
 * @param magnitude how large it was
 * @param solution how well it is located
 * @param report who reported it
 */
@JsonSerialize(using = QuakeJson.Writing.class)
@JsonDeserialize(using = QuakeJson.Reading.class)
public record Quake(Instant time, Hypocenter hypocenter, Magnitude magnitude, Solution solution, Report report) {}
