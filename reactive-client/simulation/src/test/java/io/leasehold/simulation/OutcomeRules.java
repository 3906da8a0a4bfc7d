package io.leasehold.simulation;

import io.leasehold.broker.Capabilities;
import io.leasehold.consume.Outcome;
import io.leasehold.lease.SettleVerb;
import java.util.List;

/** The promises about what a consumer tells: one outcome per run, and a true one. */
final class OutcomeRules {
    private final SimWorld world;
    private final Plan plan;
    private final long slackNanos;

    OutcomeRules(SimWorld world, Plan plan, long slackNanos) {
        this.world = world;
        this.plan = plan;
        this.slackNanos = slackNanos;
    }

    /** A run has ended, says its consumer. */
    void check(WatchedDelivery held, Outcome outcome) {
        if (held.outcomes++ > 0) {
            world.violate("P7", held + " had two outcomes");
        }
        if (held.isRunning()) {
            world.violate("P6", held + " had its outcome " + outcome.kind() + " before its run had ended");
        }
        if (!held.isLeaseOver() && !held.isHeldBack()) {
            requireLast(held, outcome.kind());
        }
        if (!fits(held, outcome.kind())) {
            String what = held.grant.written + " was written and the loss was " + held.loss();
            world.violate("P7", held + " had the outcome " + outcome.kind() + " although " + what);
        }
        requireTrue(held, outcome.kind());
    }

    // At the limit of a drain the consumer ends, and tells what it does not know yet.
    private void requireLast(WatchedDelivery held, Outcome.Kind kind) {
        held.client().node().check(slackNanos, () -> {
            if (kind != Outcome.Kind.UNKNOWN || !held.consuming.isOver()) {
                world.violate("P6", held + " had its outcome " + kind + " before its settlement had ended");
            }
        });
    }

    // What is lost while the end of its consumer is under way was told before.
    private static boolean wasTold(WatchedDelivery held) {
        boolean ends = held.consuming.isDraining() || held.client().isStopping();
        return held.loss() != null && ends;
    }

    /** Whether an outcome says what was really written or lost; what is decided and not yet written is unknown. */
    static boolean fits(WatchedDelivery held, Outcome.Kind kind) {
        SettleVerb verb = held.grant.written;
        return switch (kind) {
            case ACKED, DEAD_LETTERED -> verb == SettleVerb.ACK;
            case NAKED, RELEASED -> verb == SettleVerb.NAK || held.mayHaveBeenHeldBack();
            case TERMINATED -> verb == SettleVerb.TERMINATE;
            case UNKNOWN -> verb != null || held.isSettling() || wasTold(held);
            case LOST -> held.loss() != null;
        };
    }

    private void requireTrue(WatchedDelivery held, Outcome.Kind kind) {
        switch (kind) {
            case ACKED, DEAD_LETTERED -> requireDone(held, SettleVerb.ACK);
            case TERMINATED -> requireDone(held, SettleVerb.TERMINATE);
            case NAKED, RELEASED, LOST, UNKNOWN -> {}
        }
    }

    /** A client says that a settlement is done. With its answer, a fenced broker has really done it. */
    void requireDone(WatchedDelivery held, SettleVerb verb) {
        Capabilities can = held.client().cluster().capabilities();
        boolean proves = can.answersAll() && can.fencing() == Capabilities.Fencing.TOLD;
        boolean answered = proves && plan.consumer().oddity() != ConsumerPlan.Oddity.SETTLES_WHEN_WRITTEN;
        boolean done = held.grant.message.endedBy == held.grant || held.grant.isTaken();
        if (verb != SettleVerb.NAK && plan.fenced() && answered && isDistinct() && !done) {
            world.violate("P7", verb + " of " + held + " is done, says its client, but the broker has not done it");
        }
    }

    // Deliveries of a group that was made anew look like those of the old one.
    private boolean isDistinct() {
        return plan.trouble().counts().purges() == 0;
    }

    /** A consumer has ended: each of its runs has had its outcome. */
    void consumingEnded(SimSubscription<?> over, List<WatchedDelivery> helds) {
        boolean told = plan.consumer().style() != ConsumerPlan.Style.TAKES_DELIVERIES;
        // On waking the limit of a drain may be over before an end that came long ago is told.
        if (world.now() <= over.client().node().thawedAt() + Cluster.WAKE_NANOS + slackNanos) {
            return;
        }
        if (over.isCancelled() || !told || !isDistinct()) {
            return;
        }
        for (WatchedDelivery held : helds) {
            boolean ended = !held.holdsSlot() || !held.isRunning() && held.grant.written != null;
            // What ends at the limit of a drain is not told any more when the consumer's end is under way.
            boolean earlier = held.endedAt() + slackNanos < world.now();
            boolean due = held.isStarted() && ended && earlier && !held.hasPublished();
            if (held.consuming == over && due && held.outcomes == 0) {
                world.violate("P7", held + " never had an outcome");
            }
        }
    }
}
