package io.leasehold.simulation;

/**
 * Something that travels, made of what it does when it arrives.
 *
 * @param what a word for a trace
 * @param arrival what happens at the other end
 * @param mayComeTwice whether the network may deliver it twice
 */
record SimParcel(String what, Runnable arrival, boolean mayComeTwice) implements Parcel {
    SimParcel(String what, Runnable arrival) {
        this(what, arrival, true);
    }

    /** A parcel that arrives once or not at all, as brokers deliver over one connection. */
    static SimParcel once(String what, Runnable arrival) {
        return new SimParcel(what, arrival, false);
    }

    @Override
    public void arrive() {
        arrival.run();
    }
}
