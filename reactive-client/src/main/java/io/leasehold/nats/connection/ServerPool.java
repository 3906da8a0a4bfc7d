package io.leasehold.nats.connection;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The servers that may be connected to: those that were configured, which stay, and those that servers told of, which
 * go when they are told of no more. Taken in turn; not thread-safe.
 */
final class ServerPool {
    /** How many learnt servers are kept at most. */
    static final int LEARNT_MAX = 64;

    private final List<Entry> entries = new ArrayList<>();
    private final Random random;
    private int next;

    /**
     * A server, and the name that its certificate is checked against: a learnt one that is only an address answers for
     * the configured server that told of it.
     */
    record Entry(ServerAddress address, String certifiedName, boolean learnt) {}

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
        }
        return entries.get(next++);
    }

    /** Whether each server has had its turn since this was last true. */
    boolean isRoundOver() {
        return next >= entries.size();
    }

    int size() {
        return entries.size();
    }

    List<ServerAddress> addresses() {
        return entries.stream().map(Entry::address).toList();
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
