package io.leasehold.simulation;

import io.leasehold.broker.Capabilities;
import java.util.SplittableRandom;

/**
 * What else happens in some schedules. It is drawn from a chance of its own, so that all others stay as they were.
 *
 * @param floods how often what a client sends is refused for a while, since its outbound lane is full
 * @param outages how often the broker cannot be reached by a client for longer than a connection takes
 * @param forgets whether a client's end of a connection drops what is to be sent while there is none
 * @param sourceEnds whether the user's pipelines end their source before the work on what it gave
 * @param fatal whether user code throws what Reactor calls fatal
 * @param membersSettled whether the handler of a batch settles some of its members itself
 * @param holdsNaks whether the broker cannot delay what is given back, so that the clients hold it
 * @param connectionLeases whether leases end with the connection that they were granted over
 * @param answersErrors whether a broker that checks receipts answers settlements only when it refuses them
 * @param silent whether a broker that checks receipts answers old ones like others, and ignores them
 */
record Extras(
        int floods,
        int outages,
        boolean forgets,
        boolean sourceEnds,
        boolean fatal,
        boolean membersSettled,
        boolean holdsNaks,
        boolean connectionLeases,
        boolean answersErrors,
        boolean silent) {
    /** Nothing else. */
    static final Extras NONE = new Extras(0, 0, false, false, false, false, false, false, false, false);

    private static final long SALT = 0xD1B54A32D192ED03L;

    /** The extras of a seed. */
    static Extras draw(long seed) {
        SplittableRandom random = new SplittableRandom(seed * SALT + 1);
        boolean some = random.nextInt(3) == 0;
        return new Extras(
                some ? random.nextInt(2) * random.nextInt(4) : 0,
                some ? random.nextInt(2) * random.nextInt(3) : 0,
                some && random.nextBoolean(),
                random.nextInt(3) == 0,
                random.nextInt(6) == 0,
                random.nextBoolean(),
                random.nextInt(5) == 0,
                random.nextInt(5) == 0,
                random.nextInt(6) == 0,
                random.nextInt(6) == 0);
    }

    /** What a broker can do that it plays. */
    Capabilities played(Capabilities plain) {
        Capabilities naks = holdsNaks ? plain.withoutNakDelay() : plain;
        return connectionLeases ? naks.withLeasesOfTheConnection() : naks;
    }

    /** What a client hears that a broker can do. */
    Capabilities heard(Capabilities plain) {
        if (!plain.isFenced()) {
            return plain;
        }

        Capabilities fenced = silent ? silenced(plain) : plain;
        return answersErrors ? fenced.answeringErrorsOnly() : fenced;
    }

    private static Capabilities silenced(Capabilities plain) {
        Capabilities silent = Capabilities.silentlyFenced()
                .crashAllowance(plain.crashAllowance())
                .duplicateWindow(plain.duplicateWindow());
        Capabilities naks = plain.delaysNaks() ? silent : silent.withoutNakDelay();
        return plain.leasesEndWithConnection() ? naks.withLeasesOfTheConnection() : naks;
    }

    /** Whether nothing of it could cost a lease whose work goes on. */
    boolean keepsLeases() {
        return floods == 0 && outages == 0 && !forgets;
    }
}
