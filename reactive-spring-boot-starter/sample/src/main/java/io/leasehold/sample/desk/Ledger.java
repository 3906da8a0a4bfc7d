package io.leasehold.sample.desk;

import io.leasehold.sample.assessment.AssessedQuake;
import io.leasehold.sample.quake.Quake;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * One entry per message id, so that a message counts once however often it is delivered:
 *
 * <pre>
 * (none) --open--> open --close--> assessed        close tells the one caller that won
 * </pre>
 *
 * <p>It never forgets and never holds more than its capacity, but for as many as are opened at the same instant.
 */
public final class Ledger {

    private final ConcurrentMap<String, LedgerEntry> entries = new ConcurrentHashMap<>();
    private final int capacity;

    /**
     * Starts empty.
     *
     * @param capacity how many message ids it may hold, 1 or more
     */
    public Ledger(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException(
                    "quakedesk.ledger-capacity: " + capacity + " is below 1; give 1 or more");
        }
        this.capacity = capacity;
    }

    /**
     * Opens an entry, or finds the one that is there.
     *
     * @return the entry as it is now
     * @throws LedgerFullException if there is no entry and no room for one
     */
    public LedgerEntry open(String id, Quake quake) {
        LedgerEntry known = entries.get(id);
        if (known != null) {
            return known;
        }
        if (isFull()) {
            throw new LedgerFullException(capacity, id);
        }

        LedgerEntry opened = new LedgerEntry(id, quake, null);
        LedgerEntry other = entries.putIfAbsent(id, opened);
        return other == null ? opened : other;
    }

    /** Closes an open entry, and returns whether this call did: of all calls for one id, one does. */
    public boolean close(AssessedQuake assessed) {
        LedgerEntry open = new LedgerEntry(assessed.id(), assessed.quake(), null);
        return entries.replace(
                assessed.id(), open, new LedgerEntry(assessed.id(), assessed.quake(), assessed.assessment()));
    }

    /** Returns the entry for a message id, if there is one. */
    public Optional<LedgerEntry> find(String id) {
        return Optional.ofNullable(entries.get(id));
    }

    /** Returns how many message ids there are, assessed or not. */
    public long distinct() {
        return entries.size();
    }

    /** Returns whether a new message id would be refused. */
    public boolean isFull() {
        return entries.size() >= capacity;
    }
}
