package io.leasehold.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Holds the servers that may be connected to: those that were configured, which stay, and those that servers told of,
 * which go when they are told of no more. Taken in rounds: first the one that worked last, then those that were
 * configured, then the others. Not thread-safe.
 */
public final class ServerPool {
    /** So many servers that others told of are kept at most. */
    public static final int LEARNT_MAX = 64;

    private final List<Entry> entries = new ArrayList<>();
    private final Random random;
    private int next;
    private @Nullable ServerAddress worked;

    /**
     * Is a server, and the name that its certificate is checked against: a learnt one that is only an address answers
     * for the configured server that told of it.
     *
     * @param address where it listens
     * @param certifiedName the name in its certificate
     * @param learnt whether another server told of it
     */
    public record Entry(ServerAddress address, String certifiedName, boolean learnt) {}

    /** Shuffled, unless there is one. */
    ServerPool(List<ServerAddress> configured, Random random) {
        this.random = random;
        for (ServerAddress address : configured) {
            add(new Entry(address, address.host(), false));
        }
        Collections.shuffle(entries, random);
    }

    private void add(Entry entry) {
        boolean known = entries.stream().anyMatch(other -> isSame(other.address(), entry.address()));
        if (!known) {
            entries.add(entry);
        }
    }

    private static boolean isSame(ServerAddress one, ServerAddress other) {
        return one.port() == other.port() && one.host().equalsIgnoreCase(other.host());
    }

    /** The next server in turn. */
    Entry take() {
        if (next >= entries.size()) {
            next = 0;
            entries.sort(Comparator.comparingInt(this::rank));
        }
        return entries.get(next++);
    }

    private int rank(Entry entry) {
        if (worked != null && isSame(worked, entry.address())) {
            return 0;
        }
        return entry.learnt() ? 2 : 1;
    }

    /** A server has welcomed us: the next round begins with it. */
    void worked(Entry entry) {
        worked = entry.address();
        next = entries.size();
    }

    /** Whether each server has had its turn since this was last true. */
    boolean isRoundOver() {
        return next >= entries.size();
    }

    int size() {
        return entries.size();
    }

    /** Takes over what a server told of; those that were learnt before and are missing now go. */
    void learn(List<ServerAddress> told, Entry teller) {
        List<ServerAddress> kept = told.subList(0, Math.min(told.size(), LEARNT_MAX));
        Entry upcoming = next < entries.size() ? entries.get(next) : null;
        entries.removeIf(entry ->
                entry.learnt() && kept.stream().noneMatch(address -> isSame(address, entry.address())));
        List<Entry> fresh = new ArrayList<>();
        for (ServerAddress address : kept) {
            ServerAddress same = new ServerAddress(
                    address.host(), address.port(), teller.address().tls());
            String name = isNumeric(address.host()) ? teller.certifiedName() : address.host();
            fresh.add(new Entry(same, name, true));
        }
        Collections.shuffle(fresh, random);
        fresh.forEach(this::add);
        next = upcoming == null ? entries.size() : Math.max(0, entries.indexOf(upcoming));
    }

    private static boolean isNumeric(String host) {
        return host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }
}
