package io.leasehold.sample.statistics;

import io.leasehold.sample.assessment.AssessedQuake;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The statistics of each reporting network, and of all together. Any number of threads may add at once. It counts what
 * it is given: whoever adds sees to it that an earthquake is added once.
 */
public final class NetworkStatistics {

    private final ConcurrentMap<String, Accumulator> networks = new ConcurrentHashMap<>();

    /** Adds an earthquake to the statistics of its network. */
    public void add(AssessedQuake assessed) {
        String network = assessed.quake().report().source();
        networks.computeIfAbsent(network, name -> new Accumulator()).add(assessed);
    }

    /** Returns the statistics of each network as they are now, by the name of the network. */
    public SortedMap<String, QuakeStatistics> byNetwork() {
        SortedMap<String, QuakeStatistics> snapshots = new TreeMap<>();
        networks.forEach((name, accumulator) -> snapshots.put(name, accumulator.snapshot()));
        return snapshots;
    }

    /** Returns the statistics of all networks together as they are now. */
    public QuakeStatistics total() {
        return total(byNetwork());
    }

    /** Returns the statistics of several networks together. */
    public static QuakeStatistics total(Map<String, QuakeStatistics> networks) {
        return networks.values().stream().reduce(QuakeStatistics.none(), QuakeStatistics::merge);
    }
}
