package io.leasehold.broker.contract;

import io.leasehold.broker.Capabilities;
import io.leasehold.broker.StartPosition;
import io.leasehold.lease.LeaseTime;
import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a broker may say of itself, as far as tests of the contract are chosen by it. Of each aspect exactly one trait
 * holds for a broker, and each trait has tests of its own: what is left out on one broker has a counterpart that runs
 * there.
 */
public enum Trait {
    /** Old receipts are refused. */
    FENCED(Aspect.FENCING),
    /** Old receipts are answered and ignored. */
    SILENTLY_FENCED(Aspect.FENCING),
    /** Whatever names a message settles and touches it. */
    UNFENCED(Aspect.FENCING),
    /** What is given back with a delay comes after it. */
    DELAYS_NAKS(Aspect.NAK_DELAY),
    /** What is given back comes at once. */
    NO_NAK_DELAY(Aspect.NAK_DELAY),
    /** A lease outlives the connection that it was granted over. */
    LEASES_OF_THE_GROUP(Aspect.LEASE_SCOPE),
    /** A lease ends with its connection. */
    LEASES_OF_THE_CONNECTION(Aspect.LEASE_SCOPE),
    /** Each settlement is answered. */
    ANSWERS_ALL(Aspect.ANSWERS),
    /** Settlements that are refused are answered, and no others. */
    ANSWERS_ERRORS(Aspect.ANSWERS),
    /** Any lease time is lent for. */
    ANY_LEASE_TIME(Aspect.LEASE_TIME),
    /** Only lease times within bounds are lent for. */
    BOUNDED_LEASE_TIME(Aspect.LEASE_TIME),
    /** A touch extends a lease. */
    RENEWABLE(Aspect.TOUCHES),
    /** Nothing extends a lease. */
    FIXED(Aspect.TOUCHES),
    /** A lease is extended for as long as it is touched. */
    HELD_WITHOUT_END(Aspect.HOLD),
    /** A lease ends at some time however often it is touched. */
    HELD_UP_TO_A_LIMIT(Aspect.HOLD),
    /** A message is handed out as often as it takes. */
    ANY_DELIVERIES(Aspect.DELIVERIES),
    /** A message is dropped after so many deliveries, and that is told. */
    DROPS_AND_TELLS(Aspect.DELIVERIES),
    /** A message is dropped after so many deliveries, and nobody is told. */
    DROPS_SILENTLY(Aspect.DELIVERIES),
    /** A group may begin with what is kept. */
    BEGINS_AT_THE_EARLIEST(Aspect.EARLIEST),
    /** No group begins with what is kept. */
    NEVER_AT_THE_EARLIEST(Aspect.EARLIEST),
    /** A group may begin with what follows. */
    BEGINS_AT_THE_LATEST(Aspect.LATEST),
    /** No group begins with what follows. */
    NEVER_AT_THE_LATEST(Aspect.LATEST),
    /** A group may begin at an instant. */
    BEGINS_AT_AN_INSTANT(Aspect.INSTANT),
    /** No group begins at an instant. */
    NEVER_AT_AN_INSTANT(Aspect.INSTANT),
    /** The filter of a group may have wildcards. */
    WILDCARDS(Aspect.FILTERS),
    /** A group consumes one topic. */
    EXACT_FILTERS(Aspect.FILTERS),
    /** Tokens grow with each delivery of a message. */
    TOKENS(Aspect.TOKENS),
    /** There are no tokens. */
    NO_TOKENS(Aspect.TOKENS),
    /** Tokens grow over the lives of a group. */
    TOKENS_OUTLIVE_GROUPS(Aspect.TOKEN_LIFE),
    /** Tokens say nothing of another life of their group. */
    TOKENS_END_WITH_GROUPS(Aspect.TOKEN_LIFE),
    /** The id of a message is recognised. */
    RECOGNISES_IDS(Aspect.REPEATS),
    /** What the same session publishes again is recognised, and ids are not. */
    RECOGNISES_ITS_SESSION(Aspect.REPEATS),
    /** Whatever is published is stored. */
    RECOGNISES_NOTHING(Aspect.REPEATS);

    /** What one may ask of a broker. */
    public enum Aspect {
        /** What becomes of old receipts. */
        FENCING,
        /** Whether it can delay what is given back. */
        NAK_DELAY,
        /** What a lease belongs to. */
        LEASE_SCOPE,
        /** What is answered. */
        ANSWERS,
        /** How long it lends for. */
        LEASE_TIME,
        /** What a touch does. */
        TOUCHES,
        /** For how long a lease may be touched. */
        HOLD,
        /** How often it hands a message out. */
        DELIVERIES,
        /** Whether a group begins with what is kept. */
        EARLIEST,
        /** Whether a group begins with what follows. */
        LATEST,
        /** Whether a group begins at an instant. */
        INSTANT,
        /** Which topics one group consumes. */
        FILTERS,
        /** Whether deliveries have tokens. */
        TOKENS,
        /** What tokens say of another life of their group. */
        TOKEN_LIFE,
        /** What becomes of a publish that is repeated. */
        REPEATS
    }

    private final Aspect aspect;

    Trait(Aspect aspect) {
        this.aspect = aspect;
    }

    /** What is asked. */
    public Aspect aspect() {
        return aspect;
    }

    /** Whether it is a trait of a broker. */
    public boolean holdsFor(Capabilities can) {
        return switch (this) {
            case FENCED -> can.fencing() == Capabilities.Fencing.TOLD;
            case SILENTLY_FENCED -> can.fencing() == Capabilities.Fencing.SILENT;
            case UNFENCED -> !can.isFenced();
            case DELAYS_NAKS -> can.delaysNaks();
            case NO_NAK_DELAY -> !can.delaysNaks();
            case LEASES_OF_THE_GROUP -> !can.leasesEndWithConnection();
            case LEASES_OF_THE_CONNECTION -> can.leasesEndWithConnection();
            case ANSWERS_ALL -> can.answersAll();
            case ANSWERS_ERRORS -> !can.answersAll();
            case ANY_LEASE_TIME -> can.leaseTimeMax().equals(LeaseTime.LIMIT);
            case BOUNDED_LEASE_TIME -> can.leaseTimeMax().compareTo(LeaseTime.LIMIT) < 0;
            case RENEWABLE -> can.renewsLeases();
            case FIXED -> !can.renewsLeases();
            case HELD_WITHOUT_END -> can.holdMax().equals(Capabilities.UNLIMITED);
            case HELD_UP_TO_A_LIMIT -> can.holdMax().compareTo(Capabilities.UNLIMITED) < 0;
            case ANY_DELIVERIES -> can.deliveriesMax() == Capabilities.DELIVERIES_UNLIMITED;
            case DROPS_AND_TELLS -> drops(can) && can.tellsGivenUp();
            case DROPS_SILENTLY -> drops(can) && !can.tellsGivenUp();
            case BEGINS_AT_THE_EARLIEST -> can.startPositions().contains(StartPosition.Kind.EARLIEST);
            case NEVER_AT_THE_EARLIEST -> !can.startPositions().contains(StartPosition.Kind.EARLIEST);
            case BEGINS_AT_THE_LATEST -> can.startPositions().contains(StartPosition.Kind.LATEST);
            case NEVER_AT_THE_LATEST -> !can.startPositions().contains(StartPosition.Kind.LATEST);
            case BEGINS_AT_AN_INSTANT -> can.startPositions().contains(StartPosition.Kind.INSTANT);
            case NEVER_AT_AN_INSTANT -> !can.startPositions().contains(StartPosition.Kind.INSTANT);
            case WILDCARDS -> can.takesWildcards();
            case EXACT_FILTERS -> !can.takesWildcards();
            case TOKENS -> can.tokens() != Capabilities.Tokens.NONE;
            case NO_TOKENS -> can.tokens() == Capabilities.Tokens.NONE;
            case TOKENS_OUTLIVE_GROUPS -> can.tokens() == Capabilities.Tokens.IN_GROUP;
            case TOKENS_END_WITH_GROUPS -> can.tokens() != Capabilities.Tokens.IN_GROUP;
            case RECOGNISES_IDS -> can.repeats() == Capabilities.Repeats.BY_ID;
            case RECOGNISES_ITS_SESSION -> can.repeats() == Capabilities.Repeats.BY_SESSION;
            case RECOGNISES_NOTHING -> can.repeats() == Capabilities.Repeats.NONE;
        };
    }

    private static boolean drops(Capabilities can) {
        return can.deliveriesMax() < Capabilities.DELIVERIES_UNLIMITED;
    }

    /** The traits that a test of the contract is for; empty for one that is for all brokers. */
    public static List<Trait> of(Method test) {
        return Stream.of(test.getDeclaringClass().getAnnotation(When.class), test.getAnnotation(When.class))
                .filter(chosen -> chosen != null)
                .flatMap(chosen -> Stream.of(chosen.value()))
                .toList();
    }
}
