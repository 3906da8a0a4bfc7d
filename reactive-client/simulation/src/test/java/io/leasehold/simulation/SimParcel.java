package io.leasehold.simulation;

/**
 * Something that travels, made of what it does when it arrives.
 *
 * @param what a word for a trace
 * @param arrival what happens at the other end
 * @param kind how it travels
 */
record SimParcel(String what, Runnable arrival, Kind kind) implements Parcel {
    SimParcel(String what, Runnable arrival) {
        this(what, arrival, Kind.PLAIN);
    }

    /** How a parcel travels. */
    enum Kind {
        /** In order; may come twice. */
        PLAIN,
        /** In order; once or not at all. */
        ONCE,
        /** Once or not at all; may be overtaken, as deliveries are that come from another server of a cluster. */
        DELIVERY
    }

    /** A parcel that arrives once or not at all. */
    static SimParcel once(String what, Runnable arrival) {
        return new SimParcel(what, arrival, Kind.ONCE);
    }

    @Override
    public void arrive() {
        arrival.run();
    }

    @Override
    public boolean mayComeTwice() {
        return kind == Kind.PLAIN;
    }

    @Override
    public boolean mayBeOvertaken() {
        return kind == Kind.DELIVERY;
    }
}
