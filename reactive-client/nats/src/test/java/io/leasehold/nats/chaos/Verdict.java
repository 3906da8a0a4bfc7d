package io.leasehold.nats.chaos;

import java.util.ArrayList;
import java.util.List;

/** What an oracle found, of one round or of several. */
final class Verdict {
    private static final long NOBODY = Long.MAX_VALUE;

    private final List<Violation> violations = new ArrayList<>();
    private final List<Violation> apart = new ArrayList<>();
    private long published;
    private long acked;
    private long unknown;
    private long faults;
    private long leastGapNanos = NOBODY;
    private String unhealthy = "";

    enum Kind {
        /** A confirmed message that a group never handled to an ack. */
        LOST,
        /** An id stored twice, or two runs of a message at once. */
        DUPLICATED,
        /** A settlement written when somebody else had the message already. */
        STALE,
        /** A lease counted from later than its grant. */
        ANCHORED_LATE,
        /** Something that did not end. */
        STUCK,
        /** A group that was taken for deleted, which nobody did. */
        TAKEN_FOR_DELETED,
        /** A lease that ended for a later delivery that there was not. */
        ENDED_FOR_NOTHING,
        /** A fault of the library. */
        FAULT,
        /** A zombie that did something, or disturbed somebody. */
        ZOMBIE
    }

    /**
     * A promise that was not kept.
     *
     * @param excuse which assumption of the promise did not hold; empty when all held
     * @param history of the message
     */
    record Violation(Kind kind, String what, String excuse, String history) {
        @Override
        public String toString() {
            return kind + ": " + what + (excuse.isEmpty() ? "" : " [apart: " + excuse + "]") + "\n" + history;
        }
    }

    void found(Violation violation) {
        (violation.excuse().isEmpty() ? violations : apart).add(violation);
    }

    void counts(long confirmed, long ackedMessages, long unknownEnds, long faultsBegun) {
        published += confirmed;
        acked += ackedMessages;
        unknown += unknownEnds;
        faults += faultsBegun;
    }

    void gap(long nanos) {
        leastGapNanos = Math.min(leastGapNanos, nanos);
    }

    /** The round ended before its time, since the servers did not get healthy. */
    void unhealthy(String said) {
        unhealthy = said;
    }

    /** What they said; empty when they were healthy. */
    String unhealthy() {
        return unhealthy;
    }

    void add(Verdict other) {
        violations.addAll(other.violations);
        apart.addAll(other.apart);
        counts(other.published, other.acked, other.unknown, other.faults);
        gap(other.leastGapNanos);
    }

    List<Violation> violations() {
        return violations;
    }

    /** What happened where an assumption did not hold. */
    List<Violation> apart() {
        return apart;
    }

    long published() {
        return published;
    }

    long acked() {
        return acked;
    }

    long faults() {
        return faults;
    }

    boolean isGood() {
        return violations.isEmpty();
    }

    private long count(Kind kind) {
        return violations.stream().filter(violation -> violation.kind() == kind).count();
    }

    /** The one line that says it all. */
    @Override
    public String toString() {
        String gap = leastGapNanos == NOBODY ? "none" : Long.toString(Math.floorDiv(leastGapNanos, 1_000_000));
        return "published=" + published + " acked=" + acked + " lost=" + count(Kind.LOST) + " duplicated="
                + count(Kind.DUPLICATED) + " staleSettled=" + count(Kind.STALE) + " unknown=" + unknown + " faults="
                + faults + " minCancelToRedeliveryMillis=" + gap;
    }
}
