package io.leasehold.sample.desk;

import io.leasehold.sample.statistics.BValue;
import io.leasehold.sample.statistics.Completeness;
import io.leasehold.sample.statistics.QuakeStatistics;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the desk has found for one reporting network.
 *
 * @param network the network as it writes itself
 * @param assessed how many of its earthquakes are in the statistics
 * @param felt how many of them are felt somewhere
 * @param widestFeltKm the largest felt radius
 * @param totalEnergyJoule the energy of all of them
 * @param bValue their b-value; {@code null} while they are too few
 * @param completenessMagnitude from which magnitude on the b-value counts; {@code null} without one
 * @param largest the largest of them
 */
public record NetworkSummary(
        String network,
        long assessed,
        long felt,
        double widestFeltKm,
        double totalEnergyJoule,
        @Nullable Double bValue,
        @Nullable Double completenessMagnitude,
        @Nullable LargestQuake largest) {

    /** Returns a summary of each network, the one with most earthquakes first. */
    public static List<NetworkSummary> of(Desk desk) {
        return desk.networks().entrySet().stream()
                .map(NetworkSummary::of)
                .sorted(Comparator.comparingLong(NetworkSummary::assessed).reversed())
                .toList();
    }

    private static NetworkSummary of(Map.Entry<String, QuakeStatistics> network) {
        QuakeStatistics statistics = network.getValue();
        Optional<BValue> bValue = statistics.bValue(Completeness.MAXIMUM_CURVATURE);
        return new NetworkSummary(
                network.getKey(),
                statistics.counts().total(),
                statistics.felt(),
                statistics.widestFeltKm(),
                statistics.energyJoule(),
                bValue.map(BValue::value).orElse(null),
                bValue.map(BValue::completeness).orElse(null),
                LargestQuake.of(statistics.largest()));
    }
}
