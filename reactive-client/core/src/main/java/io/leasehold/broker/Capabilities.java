package io.leasehold.broker;

import java.time.Duration;

/**
 * What a broker can do, and what the client must do in its place.
 *
 * @param fenced it refuses settlements and touches that come with an old token
 * @param leaseScope what a lease is bound to
 * @param answers whether settlements and touches are answered
 * @param credit whether it keeps to the credit exactly
 * @param delaysNaks it can deliver a nak'ed message after a delay; else the client holds it until then
 * @param countsReleases giving back what was not started raises the delivery count
 * @param duplicateWindow for how long it recognises a message id
 * @param tokens whether deliveries carry fencing tokens
 * @param crashAllowance B: how much a restart may cut off a lease
 */
public record Capabilities(
        boolean fenced,
        LeaseScope leaseScope,
        Answers answers,
        Credit credit,
        boolean delaysNaks,
        boolean countsReleases,
        Duration duplicateWindow,
        Tokens tokens,
        Duration crashAllowance) {

    /** What ends all its leases when it ends. */
    public enum LeaseScope {
        /** One connection. */
        CONNECTION,
        /** A session that survives connections. */
        SESSION,
        /** The group: a disconnect ends no lease. */
        GROUP
    }

    /** Which settlements and touches are answered. */
    public enum Answers {
        /** All. */
        CONFIRMED,
        /** Only refused ones. */
        ERRORS_ONLY,
        /** None: a touch never extends a lease. */
        NONE
    }

    /** How credit is kept to. */
    public enum Credit {
        /** Never more than given. */
        EXACT,
        /** At least what was given: surplus is buffered or released. */
        AT_LEAST
    }

    /** The tokens of deliveries. */
    public enum Tokens {
        /** They grow with every delivery of a message. */
        MONOTONE,
        /** There are none. */
        NONE
    }
}
