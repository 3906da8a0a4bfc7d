package io.leasehold.simulation;

/** Something that travels over a connection. */
interface Parcel {
    /** It has come to the other end. May happen twice. */
    void arrive();

    /** What it is, for a trace. */
    String what();

    /** Whether the network may deliver it twice. */
    default boolean mayComeTwice() {
        return true;
    }

    /** Whether it may take another way, on which later ones overtake it. */
    default boolean mayBeOvertaken() {
        return false;
    }

    /** After how long under way it is lost instead of arriving late. */
    default long flightNanosMax() {
        return Long.MAX_VALUE;
    }
}
