package io.leasehold.sample.desk;

/** The ledger holds as many earthquakes as it may; nothing that it holds is dropped for a new one. */
public final class LedgerFullException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LedgerFullException(int capacity, String id) {
        super("The ledger has no room for " + id + ": it holds its limit of " + capacity
                + " earthquakes; raise quakedesk.ledger-capacity or start anew");
    }
}
