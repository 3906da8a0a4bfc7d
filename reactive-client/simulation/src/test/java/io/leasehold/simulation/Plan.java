package io.leasehold.simulation;

import java.util.SplittableRandom;

/**
 * What a seed makes of one schedule.
 *
 * @param broker what the broker is like
 * @param clients how many clients share the group
 * @param messages how many messages they get
 * @param keys how many keys these have; 0 for none
 * @param consumer how the consumers are set
 * @param faults what the network does
 * @param trouble what happens to processes and connections
 * @param errands how often somebody pauses, drains, restarts, reconfigures or publishes
 * @param extras what else happens
 */
record Plan(
        BrokerPlan broker,
        int clients,
        int messages,
        int keys,
        ConsumerPlan consumer,
        SimFaults faults,
        Trouble trouble,
        int errands,
        Extras extras) {

    private static final long MS = 1_000_000L;

    /**
     * What the broker is like.
     *
     * @param fenced whether it checks tokens
     * @param leaseNanos T
     * @param growing whether later deliveries are lent for longer
     */
    record BrokerPlan(boolean fenced, long leaseNanos, boolean growing) {
        static BrokerPlan draw(SplittableRandom random, Theme theme) {
            boolean fenced = random.nextInt(5) < 3;
            long shortest = fenced ? 450 : 6_000;
            long spread = theme == Theme.FAST ? 30_000 : fenced ? 1_500 : 4_000;
            // Some are as short as is allowed: then there is little room between the margins.
            long lease = (shortest + random.nextLong(random.nextInt(4) == 0 ? spread / 20 : spread)) * MS;
            return new BrokerPlan(fenced, lease, random.nextInt(8) == 0);
        }
    }

    /** What most of the trouble is about. */
    enum Theme {
        /** Of everything a little. */
        MIXED,
        /** Long work, processes that stand still, lines that are held. */
        STALLS,
        /** A quick network and exact timers: only the margins stand between a client and the next one. */
        FAST,
        /** Groups are deleted and made anew, and leases are freed behind their holders' backs. */
        PURGES
    }

    /**
     * What happens to processes and connections.
     *
     * @param spanNanos for how long there is trouble
     * @param counts how often what happens
     * @param latencyNanos how long threads and timers of clients may need
     * @param wildness how badly handlers behave, 0 to 5
     */
    record Trouble(long spanNanos, Counts counts, long latencyNanos, int wildness) {
        static Trouble draw(SplittableRandom random, Theme theme, BrokerPlan broker) {
            long budget = Math.max(100 * MS, broker.leaseNanos() / 100);
            boolean prompt = theme == Theme.FAST || random.nextInt(3) > 0;
            return new Trouble(
                    broker.leaseNanos() * (2 + random.nextInt(4)),
                    random.nextInt(6) == 0 ? Counts.NONE : Counts.draw(random, theme, broker.fenced()),
                    prompt ? 20_000L : random.nextLong(budget / 4),
                    random.nextInt(6));
        }
    }

    /**
     * How often what happens.
     *
     * @param freezes a client stands still
     * @param crashes a client dies
     * @param cuts a connection breaks
     * @param holds one direction of a connection stands still
     * @param restarts the broker is restarted
     * @param brokerFreezes the broker stands still
     * @param purges the group is deleted and made anew, or a lease is freed behind its holder's back
     * @param suspends the machine of a client sleeps, and its clock with it
     */
    record Counts(
            int freezes, int crashes, int cuts, int holds, int restarts, int brokerFreezes, int purges, int suspends) {
        static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0);

        static Counts draw(SplittableRandom random, Theme theme, boolean fenced) {
            int more = theme == Theme.STALLS ? 5 : 0;
            int quiet = theme == Theme.FAST ? 2 : 1;
            return new Counts(
                    random.nextInt(3 + more) / quiet,
                    random.nextInt(4) / 3,
                    random.nextInt(4) / quiet,
                    random.nextInt(4 + more) / quiet,
                    fenced ? 0 : random.nextInt(2),
                    random.nextInt(6) / 5,
                    theme == Theme.PURGES ? 1 + random.nextInt(2) : 0,
                    random.nextInt(8) / 7);
        }
    }

    /** The plan of a seed, drawn from its chance. */
    static Plan draw(long seed, SplittableRandom random) {
        Theme theme = Theme.values()[Math.max(0, random.nextInt(7) - 3)];
        BrokerPlan broker = BrokerPlan.draw(random, theme);
        return new Plan(
                broker,
                1 + random.nextInt(3),
                1 + random.nextInt(6),
                random.nextInt(3),
                ConsumerPlan.draw(random, broker.leaseNanos()),
                faults(random, theme, broker),
                Trouble.draw(random, theme, broker),
                random.nextInt(3) == 0 ? random.nextInt(6) : 0,
                Extras.draw(seed));
    }

    private static SimFaults faults(SplittableRandom random, Theme theme, BrokerPlan broker) {
        SimFaults any = SimFaults.draw(random, broker.leaseNanos());
        return switch (theme) {
            case FAST -> SimFaults.QUICK;
            case PURGES -> any.winding(random);
            case MIXED, STALLS -> any;
        };
    }

    long leaseNanos() {
        return broker.leaseNanos();
    }

    /** The longest lease time of any delivery. */
    long leaseNanosMax() {
        return broker.growing() ? 3 * broker.leaseNanos() : broker.leaseNanos();
    }

    boolean fenced() {
        return broker.fenced();
    }

    /** N. */
    long guardNanos() {
        return broker.fenced() ? 0 : 250 * MS;
    }

    /** Whether nothing happens that could cost a lease whose work goes on. */
    boolean isCalm() {
        return faults.isHarmless()
                && trouble.counts().equals(Counts.NONE)
                && errands == 0
                && extras.keepsLeases()
                && consumer.oddity().keepsLeases();
    }
}
