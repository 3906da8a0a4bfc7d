package io.leasehold.simulation;

import io.leasehold.simulation.Mistake.Edit;
import java.util.ArrayList;
import java.util.List;

/**
 * Mistakes that somebody could make, each with the seed of a schedule that shows it. They are planted into the text
 * of source files, so that the product needs no hook for them; {@link PlantedBugSearch} finds the seeds.
 */
enum PlantedBug {
    ANCHOR_AT_ARRIVAL("lease/KeptLease.java", 6, "terms, grant.anchorNanos(), owner);", "terms, keeper.now(), owner);"),
    TOUCH_ANCHORED_AT_ITS_CONFIRMATION(
            "lease/KeptLease.java", 99, "renew(sentAt, leaseNanos)", "renew(now(), leaseNanos)"),
    LATE_CONFIRMATION_ACCEPTED(
            "lease/KeptLease.java",
            4787,
            "boolean inTime = open && now() < deadlineNanos();",
            "boolean inTime = open;"),
    LATE_ANSWER_TAKEN_FOR_DONE(
            "lease/KeptLease.java", 114, "boolean inTime = now() < deadlineNanos();", "boolean inTime = true;"),
    GATE_WITHOUT_A_LOOK_AT_THE_WALL_CLOCK("lease/Watchdog.java", 49, "        look();\n", ""),
    ACK_WITHOUT_GATE(
            "lease/KeptLease.java",
            1221,
            "if (now >= (verb == Verb.NAK ? nakDeadlineNanos() : sendDeadlineNanos())) {",
            "if (verb == Verb.NAK && now >= nakDeadlineNanos()) {"),
    ACK_WITHOUT_GUARD("lease/LeaseTerms.java", 182, "return workDeadline - guardNanos;", "return workDeadline;"),
    TOUCH_AFTER_LOSS("lease/KeptLease.java", 439, "return holdsAt(now());", "return true;"),
    TOUCHES_STOP_AFTER_THE_FIRST(
            "lease/LeaseClock.java",
            126,
            "touchSixths = SIXTHS_FIRST;\n        }",
            "touchSixths = SIXTHS_LAST + 1;\n        }"),
    NAK_REPEATED(
            "lease/KeptLease.java",
            88,
            "return verb != Verb.NAK && now < sendDeadlineNanos();",
            "return now < sendDeadlineNanos();"),
    NAK_LATE_ON_AN_UNFENCED_BROKER(
            "lease/LeaseTerms.java", 268, "Math.min(send, anchor + sureNanos() - leaseNanos / 4)", "send"),
    NAK_WITHOUT_CRASH_ALLOWANCE(
            "lease/LeaseTerms.java", 163, "return 2 * budgetNanos() + crashNanos;", "return 2 * budgetNanos();"),
    NAK_TOO_SOON_WITHIN_A_RUN(
            "lease/LeaseTerms.java", 9, "return 2 * budgetNanos() + crashNanos;", "return crashNanos;"),
    MARGIN_WITHOUT_J(
            "lease/LeaseTerms.java",
            6,
            "return floorToTick(anchor + sureNanos() - budgetNanos());",
            "return floorToTick(anchor + sureNanos());"),
    MARGIN_WITHOUT_DRIFT(
            "lease/LeaseTerms.java",
            283,
            "return (leaseNanos - crashNanos) / 1001 * 999;",
            "return leaseNanos - crashNanos;"),
    MARGIN_WITHOUT_CRASH_ALLOWANCE(
            "lease/LeaseTerms.java",
            81,
            "return (leaseNanos - crashNanos) / 1001 * 999;",
            "return leaseNanos / 1001 * 999;"),
    DEADLINE_ROUNDED_UP(
            "lease/LeaseTerms.java",
            233,
            "return Math.floorDiv(nanos, TICK_NANOS) * TICK_NANOS;",
            "return -Math.floorDiv(-nanos, TICK_NANOS) * TICK_NANOS;"),
    TIMERS_FORGOTTEN_IN_THE_WHEEL(
            "lease/TimerWheel.java",
            162,
            "            unlink(node);\n            link(node, node.tick);\n        }",
            "            unlink(node);\n" + "            link(node, node.tick);\n" + "            return;\n"
                    + "        }"),
    HOLD_WITHOUT_LIMIT("lease/KeptLease.java", 1, "setHoldUntil(startedNanos() + policy.maxHoldNanos());", ""),
    SETTLEMENT_NOT_REPEATED(
            "lease/LeaseClock.java", 13, "return decided() == Verb.NAK || at >= send ? NEVER : at;", "return NEVER;"),
    UNKNOWN_TOLD_AS_DONE(
            "lease/KeptLease.java",
            109,
            "grant.settlement().abort();\n" + "        }\n" + "        settled(SettleAnswer.UNKNOWN);",
            "grant.settlement().abort();\n" + "        }\n"
                    + "        advance(LeaseState.UNKNOWN, LeaseState.SETTLED);\n"
                    + "        settled(SettleAnswer.DONE);"),
    WRITTEN_TAKEN_FOR_CONFIRMED(
            "lease/LeaseClock.java", 4611, "return !confirmed && work == Work.RUNNING;", "return false;"),
    ANSWERS_FORGOTTEN_AT_THE_END(
            "lease/KeptLease.java", 837, "if (!retired && !lose(LeaseLoss.CLOSED)) {", "if (false) {"),
    STARTED_ALTHOUGH_EXPIRED("consume/Run.java", 90, ": lease.mayStart() && delivery", "  : delivery"),
    SLOT_FREED_AT_LEASE_LOSS("consume/Dispatcher.java", 1, "if (over && delivery.isIdle() &&", "if (over &&"),
    SLOT_FREED_BEFORE_THE_SETTLEMENT_ENDED(
            "consume/Dispatcher.java", 1, "if (over && delivery.isIdle() &&", "if (delivery.isIdle() &&"),
    SUPERSEDED_WITHOUT_CANCEL(
            "consume/Dispatcher.java",
            97,
            "        older.kept().lose(LeaseLoss.SUPERSEDED);\n" + "        older.cancel(Execution.Stop.LOST);\n",
            ""),
    SUPERSEDED_BY_COUNT(
            "consume/HeldDelivery.java",
            370,
            "return mine == null || theirs == null || mine.isNewerThan(theirs);",
            "return deliveryCount() > other.deliveryCount();"),
    OLDER_DISPLACES_NEWER(
            "consume/HeldDelivery.java",
            8525,
            "return mine == null || theirs == null || mine.isNewerThan(theirs);",
            "return true;"),
    LIVE_DELIVERY_DROPPED(
            "consume/Dispatcher.java",
            1,
            "} else if (!delivery.isNewerThan(newest(present))) {",
            "} else if (present != delivery) {"),
    SUCCESSOR_BESIDE_THE_ORPHAN(
            "consume/Dispatcher.java",
            97,
            "        older.successor(newer);\n        if (replaced != null) {",
            "        waiting--;\n" + "        admit(newer, false);\n" + "        if (replaced != null) {"),
    NAK_BEFORE_THE_RUN_ENDED(
            "consume/Run.java",
            9,
            "                cancel(Execution.Stop.TIMEOUT);\n",
            "                kept().workEnded();\n" + "                kept().settle(Verb.NAK, 0, null);\n"
                    + "                cancel(Execution.Stop.TIMEOUT);\n"),
    RUN_NOT_CANCELLED_AFTER_ITS_NAK(
            "consume/Run.java", 16, "case NAK_TAIL -> cancel(Execution.Stop.LOST);", "case NAK_TAIL -> {}"),
    TIMEOUT_WITHOUT_CANCEL("consume/Run.java", 16, "                cancel(Execution.Stop.TIMEOUT);\n", ""),
    DEAD_LETTER_ACKED_BEFORE_CONFIRMED(
            "consume/Run.java",
            5,
            "        letters.send(delivery, code, reason)\n",
            "        settle(new Ending(Outcome.Kind.DEAD_LETTERED, code, error), " + "Verb.ACK, 0, null);\n"
                    + "        letters.send(delivery, code, reason)\n"),
    ACK_AFTER_AN_ERROR(
            "consume/Run.java",
            60,
            "            giveBack(code, error.toString(), error, null);\n",
            "            completed();\n"),
    DRAIN_STARTS_HANDLERS(
            "consume/Consumption.java",
            236,
            "return phase == Phase.ACTIVE;\n    }\n",
            "return true;\n    }\n",
            "        return phase == Phase.ACTIVE\n                && running",
            "        return running",
            "if (phase == Phase.DRAINING || phase == Phase.ENDED) {\n" + "            return false;",
            "if (phase == Phase.ENDED) {\n            return false;",
            "        dispatcher.releaseWaiting(this);\n        if (mode",
            "        if (mode"),
    LANE_ENTERED_BESIDE_ANOTHER("consume/KeyLanes.java", 1, "return lane.size() == 1;", "return true;"),
    LANE_NEVER_LEFT(
            "consume/Dispatcher.java",
            2,
            "        if (next != null && next.place() == Placed.Place.LANE) {",
            "        if (false && next != null) {"),
    DEMAND_IGNORED("consume/Consumption.java", 1674, "\n                && mode().demand() > 0;", ";"),
    DEMAND_LOST_WITH_A_WITHHELD_DELIVERY("consume/ThroughMode.java", 2973, "inner.unreserve();", ""),
    PUBLISH_WITHOUT_GATE("consume/RunEnvironment.java", 3345, ".gated(delivery.kept()::mayWork)", ""),
    DERIVED_UNDER_ANOTHER_ID_EACH_TIME(
            "consume/RunEnvironment.java",
            2814,
            "derived.id(run.derivedId(derived, derivedName))",
            "derived.id(\"d\" + now())"),
    REDELIVERED_ALTHOUGH_SETTLED("embedded/Group.java", 1, "        exchange.timers().disarm(message);\n", "");

    private final Mistake mistake;
    private final long seed;

    PlantedBug(String file, long seed, String... edits) {
        List<Edit> all = new ArrayList<>();
        for (int i = 0; i < edits.length; i += 2) {
            all.add(new Edit(edits[i], edits[i + 1]));
        }
        this.mistake = new Mistake(file, all);
        this.seed = seed;
    }

    Mistake mistake() {
        return mistake;
    }

    /** The seed of a schedule that finds it. */
    long seed() {
        return seed;
    }

    /** The mode of that schedule. */
    Mode mode() {
        return SimulationRun.modeOf(seed);
    }
}
