package io.leasehold.lease;

/**
 * The states of a lease.
 *
 * <pre>{@code
 *            decide            encode             answer
 *   HELD ------------> SETTLING -------> WRITTEN ---------> SETTLED
 *    |                    |                 | \  no answer
 *    | deadline, newer    | send deadline   |  `----------> UNKNOWN
 *    v delivery, end      v passed unsent   v refused
 *   LOST <----------------+-----------------+
 * }</pre>
 */
public enum LeaseState {
    /** Ours; touched as the mode says. */
    HELD,
    /** A settlement is decided, not yet written. */
    SETTLING,
    /** The settlement was encoded for the broker. */
    WRITTEN,
    /** The broker answered, or the level asks for no answer. */
    SETTLED,
    /** Written, but no answer came before the work deadline. */
    UNKNOWN,
    /** Ended without our settling. */
    LOST;

    /** Tells whether the lease may still be worked under: not ended. */
    public boolean isOpen() {
        return ordinal() <= WRITTEN.ordinal();
    }

    /** Tells whether a step from this state to the other is one of the drawing above. */
    public boolean leadsTo(LeaseState next) {
        return switch (this) {
            case HELD -> next == SETTLING || next == LOST;
            case SETTLING -> next == WRITTEN || next == LOST;
            case WRITTEN -> next == SETTLED || next == UNKNOWN || next == LOST;
            case SETTLED, UNKNOWN, LOST -> false;
        };
    }
}
