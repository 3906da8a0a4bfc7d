package io.leasehold.sample;

import io.leasehold.sample.assessment.AssessedQuake;
import io.leasehold.sample.assessment.Assessment;
import io.leasehold.sample.quake.Hypocenter;
import io.leasehold.sample.quake.Magnitude;
import io.leasehold.sample.quake.Quake;
import io.leasehold.sample.quake.Report;
import io.leasehold.sample.quake.Solution;
import java.time.Instant;

/** Earthquakes that tests are about. */
public final class SomeQuakes {

    /** When they begin if nothing else is said. */
    public static final Instant NOON = Instant.parse("2016-04-16T12:00:00Z");

    private SomeQuakes() {}

    /** An earthquake of a magnitude in hundredths, reported by {@code us}. */
    public static Quake of(int hundredths) {
        return of(hundredths, "us");
    }

    /** An earthquake of a magnitude in hundredths, reported by a network. */
    public static Quake of(int hundredths, String source) {
        return of(hundredths, new Report(source, null));
    }

    /** An earthquake of a magnitude in hundredths, reported as given. */
    public static Quake of(int hundredths, Report report) {
        return new Quake(NOON, place(), new Magnitude(hundredths, "Mw"), new Solution(null, null, null, null), report);
    }

    /** An earthquake of a magnitude in hundredths that began at a time. */
    public static Quake at(Instant time, int hundredths) {
        Quake quake = of(hundredths);
        return new Quake(time, quake.hypocenter(), quake.magnitude(), quake.solution(), quake.report());
    }

    /** An assessed earthquake. */
    public static AssessedQuake assessed(String id, Quake quake) {
        return new AssessedQuake(id, quake, Assessment.of(quake));
    }

    private static Hypocenter place() {
        return new Hypocenter(0.3517, -79.926, 21);
    }
}
