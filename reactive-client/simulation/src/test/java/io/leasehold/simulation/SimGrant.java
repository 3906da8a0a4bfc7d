package io.leasehold.simulation;

import io.leasehold.broker.Handout;
import io.leasehold.lease.SettleVerb;
import org.jspecify.annotations.Nullable;

/**
 * One handing-out as the broker itself knows it. It is also the receipt that the client gets, opaque to it.
 */
final class SimGrant {
    final Tracked message;
    final Handout core;
    final SimPort port;
    /** Numbers the grants of a world. */
    final int number;
    /** The instant of true time from which on the broker may hand the message to somebody else. */
    long othersFrom;
    /** The connection that it was granted over. */
    @Nullable
    SimConnection connection;
    /** Whether the broker has ended it with that. */
    boolean disconnected;
    /** It was taken away from outside, which P1 assumes nobody does: P1 says nothing about it any more. */
    boolean purged;

    private final int life;
    /** Whether a nak of it has come to the broker. */
    boolean naked;
    /** The settlement that the client has written for it, and how often. */
    @Nullable
    SettleVerb written;

    int writes;
    long writtenAt;

    SimGrant(Tracked message, Handout core, SimPort port, int number) {
        this.message = message;
        this.core = core;
        this.port = port;
        this.number = number;
        this.life = message.life;
    }

    /** J of its lease. */
    long budgetNanos() {
        return Math.max(100_000_000L, core.leaseTime().nanos() / 100);
    }

    /** Whether its group was deleted since: nobody purges, P1 assumes, and says nothing about it any more. */
    boolean isOld() {
        return life != message.life;
    }

    /** Whether it was taken away from outside, in one way or the other. */
    boolean isTaken() {
        return purged || isOld();
    }

    /** Whether the broker has given the message to nobody else since. */
    boolean isNewest() {
        return message.newest == this;
    }

    @Override
    public String toString() {
        return "#" + number + " " + message.name + " (delivery " + core.deliveryCount() + ")";
    }

    /** One message within its group, as the broker knows it. */
    static final class Tracked {
        final String name;

        @Nullable
        SimGrant newest;
        /** Who ended it for good, and how. */
        @Nullable
        SimGrant endedBy;

        @Nullable
        SettleVerb endedAs;

        int handedOut;
        /** How often its group was made anew. */
        int life;

        Tracked(String name) {
            this.name = name;
        }
    }
}
