package io.leasehold.sample.desk;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.leasehold.sample.statistics.BValue;
import io.leasehold.sample.statistics.Completeness;
import io.leasehold.sample.statistics.QuakeStatistics;
import org.jspecify.annotations.Nullable;

/**
 * How far the desk is, what went wrong on the way, and what it has found; one flat object as JSON.
 *
 * @param progress how far it is
 * @param mishaps what went wrong
 * @param findings what it has found
 */
public record Summary(
        @JsonUnwrapped Progress progress,
        @JsonUnwrapped Mishaps mishaps,
        @JsonUnwrapped Findings findings) {

    /**
     * How far the desk is.
     *
     * @param expected how many records the replay brings, 0 without one
     * @param published how many messages the broker has confirmed
     * @param distinct how many message ids have arrived
     * @param assessed how many earthquakes are in the statistics
     * @param done whether the replay is over and every published message assessed or dead-lettered
     */
    public record Progress(long expected, long published, long distinct, long assessed, boolean done) {}

    /**
     * What went wrong.
     *
     * @param redelivered how many deliveries were not the first of their message
     * @param lost how many leases ended without our settling the message
     * @param deadLettered how many messages were given up and moved to the dead-letter topic
     * @param rejected how many records of the replay are not earthquakes, and were logged and passed by
     */
    public record Mishaps(long redelivered, long lost, long deadLettered, long rejected) {}

    /**
     * What the desk has found.
     *
     * @param totalEnergyJoule the energy of all assessed earthquakes
     * @param bValue their b-value from magnitude 5.0 on; {@code null} while they are too few
     * @param largest the largest of them; {@code null} while there is none
     */
    public record Findings(
            double totalEnergyJoule,
            @Nullable Double bValue,
            @Nullable LargestQuake largest) {}

    /** Returns how things stand now. */
    public static Summary of(Desk desk, Tally tally) {
        // Read before the statistics: a replay that is over has counted all its messages, so that they are not
        // mistaken for all there will be.
        boolean replaying = tally.replaying();
        long published = tally.of(DeskEvent.PUBLISHED);
        long deadLettered = tally.of(DeskEvent.DEAD_LETTERED);
        QuakeStatistics total = desk.total();
        long assessed = total.counts().total();
        boolean done = !replaying && assessed + deadLettered >= published;

        return new Summary(
                new Progress(tally.expected(), published, desk.distinct(), assessed, done),
                new Mishaps(
                        tally.of(DeskEvent.REDELIVERED),
                        tally.of(DeskEvent.LOST),
                        deadLettered,
                        tally.of(DeskEvent.REJECTED)),
                findings(total));
    }

    private static Findings findings(QuakeStatistics total) {
        Double bValue = total.bValue(Completeness.WORLDWIDE).map(BValue::value).orElse(null);
        return new Findings(total.energyJoule(), bValue, LargestQuake.of(total.largest()));
    }
}
