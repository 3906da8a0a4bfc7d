package io.leasehold.broker.contract;

import io.leasehold.broker.Capabilities;
import java.lang.reflect.Method;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a broker may say of itself, as far as tests of the contract are chosen by it. Of each aspect exactly one trait
 * holds for a broker, and each trait has tests of its own: what is left out on one broker has a counterpart that runs
 * there.
 */
public enum Trait {
    /** Old receipts are refused. */
    FENCED(Aspect.FENCING, Capabilities::isFenced),
    /** Whatever names a message settles and touches it. */
    UNFENCED(Aspect.FENCING, can -> !can.isFenced()),
    /** What is given back with a delay comes after it. */
    DELAYS_NAKS(Aspect.NAK_DELAY, Capabilities::delaysNaks),
    /** What is given back comes at once. */
    NO_NAK_DELAY(Aspect.NAK_DELAY, can -> !can.delaysNaks()),
    /** A lease outlives the connection that it was granted over. */
    LEASES_OF_THE_GROUP(Aspect.LEASE_SCOPE, can -> !can.leasesEndWithConnection()),
    /** A lease ends with its connection. */
    LEASES_OF_THE_CONNECTION(Aspect.LEASE_SCOPE, Capabilities::leasesEndWithConnection);

    /** What one may ask of a broker. */
    public enum Aspect {
        /** What becomes of old receipts. */
        FENCING,
        /** Whether it can delay what is given back. */
        NAK_DELAY,
        /** What a lease belongs to. */
        LEASE_SCOPE
    }

    private final Aspect aspect;
    private final Predicate<Capabilities> holds;

    Trait(Aspect aspect, Predicate<Capabilities> holds) {
        this.aspect = aspect;
        this.holds = holds;
    }

    /** What is asked. */
    public Aspect aspect() {
        return aspect;
    }

    /** Whether it is a trait of a broker. */
    public boolean holdsFor(Capabilities capabilities) {
        return holds.test(capabilities);
    }

    /** The traits that a test of the contract is for; empty for one that is for all brokers. */
    public static List<Trait> of(Method test) {
        return Stream.of(test.getDeclaringClass().getAnnotation(When.class), test.getAnnotation(When.class))
                .filter(chosen -> chosen != null)
                .flatMap(chosen -> Stream.of(chosen.value()))
                .toList();
    }
}
