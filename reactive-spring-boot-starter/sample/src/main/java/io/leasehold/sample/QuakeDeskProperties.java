package io.leasehold.sample;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;

/**
 * The settings of the quake desk.
 *
 * @param ledgerCapacity how many message ids the desk remembers; 100,000 by default
 * @param replay the replay of the catalogue
 * @param assessment how long assessing takes
 */
@ConfigurationProperties("quakedesk")
public record QuakeDeskProperties(
        @DefaultValue("100000") int ledgerCapacity,
        @DefaultValue ReplaySettings replay,
        @DefaultValue AssessmentSettings assessment) {

    /**
     * The replay of the catalogue.
     *
     * @param enabled whether it starts with the application; true by default
     * @param duration over how long it is spread; one minute by default, zero for as fast as it goes
     * @param catalogue the file, compressed if its name ends in {@code .gz}; the earthquakes of 2016 by default
     */
    public record ReplaySettings(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("1m") Duration duration,

            @DefaultValue("classpath:catalogue/earthquakes-2016.csv.gz")
            Resource catalogue) {}

    /**
     * How long assessing takes.
     *
     * @param strong for magnitudes from 5.5 to below 7; 100 milliseconds by default
     * @param great for magnitude 7, growing with the magnitude: almost three times as long for the greatest; 3
     *     seconds by default
     */
    public record AssessmentSettings(
            @DefaultValue("100ms") Duration strong,
            @DefaultValue("3s") Duration great) {}
}
