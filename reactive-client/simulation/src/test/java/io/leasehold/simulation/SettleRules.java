package io.leasehold.simulation;

import java.util.List;

/** The promises about settlements that find no room, or no connection: they are offered again, but not for ever. */
final class SettleRules {
    // How long what was not taken may wait until it is offered again, and what is late about that.
    private static final long PATIENCE_NANOS = 250_000_000L;

    private final SimWorld world;
    private final SimOracle.Terms terms;

    SettleRules(SimWorld world, SimOracle.Terms terms) {
        this.world = world;
        this.terms = terms;
    }

    /** Work has ended, and what becomes of its deliveries is decided, or is not because something else goes on. */
    void decided(List<WatchedDelivery> all) {
        for (WatchedDelivery held : all) {
            if (held.isToBeWritten()) {
                watch(held);
                requireEnd(held);
            }
        }
    }

    // Touches may go on all the while: they move no deadline of what was decided.
    private void requireEnd(WatchedDelivery held) {
        long lease = held.grant.core.leaseTime().nanos();
        held.client().node().check(lease + lease / 500 + terms.slackNanos(), () -> {
            if (held.isToBeWritten()) {
                world.violate(
                        "P7", "the settlement of " + held + " was decided one lease ago and is still to be written");
            }
        });
    }

    // Checks again and again until it is written, or may not be written any more.
    private void watch(WatchedDelivery held) {
        long since = world.now();
        held.client().node().check(PATIENCE_NANOS + terms.slackNanos(), () -> {
            if (!held.isToBeWritten() || held.client().isStopping()) {
                return;
            }
            if (held.client().session().isOpenSince(since)) {
                world.violate("P7", "the settlement of " + held + " was not offered again although there was room");
            }
            watch(held);
        });
    }
}
