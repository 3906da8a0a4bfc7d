package io.leasehold.simulation;

import io.leasehold.planted.Mistake;

/**
 * Mistakes that somebody could make, each with the seed of a schedule that shows it. They are planted into the text
 * of source files, so that the product needs no hook for them; {@link PlantedBugSearch} finds the seeds.
 */
enum PlantedBug {
    ANCHOR_AT_ARRIVAL(
            "lease/keeper/KeptLease.java",
            2,
            "super(terms, grant.anchorNanos());",
            "super(terms, keeper.ticker().sureNanos());"),
    TOUCH_ANCHORED_AT_ITS_CONFIRMATION(
            "lease/keeper/KeptLease.java", 135, "sentAt, leaseNanos)) {", "now(), leaseNanos)) {"),
    LATE_CONFIRMATION_ACCEPTED(
            "lease/keeper/KeptLease.java",
            123,
            "boolean inTime = open && now() < deadlineNanos();",
            "boolean inTime = open;"),
    LATE_ANSWER_TAKEN_FOR_DONE(
            "lease/keeper/KeptLease.java", 42, "boolean inTime = now() < deadlineNanos();", "boolean inTime = true;"),
    GATE_WITHOUT_A_LOOK_AT_THE_WALL_CLOCK("lease/Ticker.java", 42, "            watching.run();\n", ""),
    ACK_WITHOUT_GATE(
            "lease/keeper/KeptLease.java",
            611,
            "if (now >= settleByNanos()) {",
            "if (verb == SettleVerb.NAK && now >= settleByNanos()) {"),
    ACK_WITHOUT_GUARD("lease/LeaseTerms.java", 103, "return workDeadline - guardNanos;", "return workDeadline;"),
    TOUCH_AFTER_LOSS("lease/keeper/KeptLease.java", 298, "return holdsAt(now());", "return true;"),
    TOUCHES_STOP_AFTER_THE_FIRST(
            "lease/keeper/LeaseClock.java", 121, "touchedNanos = now;", "touchedNanos = NEVER / 2;"),
    NAK_REPEATED(
            "lease/keeper/KeptLease.java",
            260,
            "return verb != SettleVerb.NAK && now < settleByNanos();",
            "return now < settleByNanos();"),
    NAK_LATE_ON_AN_UNFENCED_BROKER(
            "lease/LeaseTerms.java", 79, "Math.min(send, anchor + sureNanos() - leaseNanos / 4)", "send"),
    NAK_WITHOUT_CRASH_ALLOWANCE(
            "lease/LeaseTerms.java",
            134,
            "return 2 * budgetNanos() / 999 * 1001 + crashNanos;",
            "return 2 * budgetNanos() / 999 * 1001;"),
    NAK_TOO_SOON_WITHIN_A_RUN(
            "lease/LeaseTerms.java", 2, "return 2 * budgetNanos() / 999 * 1001 + crashNanos;", "return crashNanos;"),
    MARGIN_WITHOUT_J(
            "lease/LeaseTerms.java",
            4,
            "return floorToTick(anchor + sureNanos() - budgetNanos());",
            "return floorToTick(anchor + sureNanos());"),
    MARGIN_WITHOUT_DRIFT(
            "lease/LeaseTerms.java",
            918,
            "return (leaseNanos - crashNanos) / 1001 * 999;",
            "return leaseNanos - crashNanos;"),
    MARGIN_WITHOUT_CRASH_ALLOWANCE(
            "lease/LeaseTerms.java",
            79,
            "return (leaseNanos - crashNanos) / 1001 * 999;",
            "return leaseNanos / 1001 * 999;"),
    DEADLINE_ROUNDED_UP(
            "lease/LeaseTerms.java",
            320,
            "return Math.floorDiv(nanos, TICK_NANOS) * TICK_NANOS;",
            "return -Math.floorDiv(-nanos, TICK_NANOS) * TICK_NANOS;"),
    TIMERS_FORGOTTEN_IN_THE_WHEEL(
            "lease/keeper/TimerWheel.java",
            1,
            "            unlink(node);\n            link(node, node.tick);\n        }",
            "            unlink(node);\n" + "            link(node, node.tick);\n" + "            return;\n"
                    + "        }"),
    HOLD_WITHOUT_LIMIT(
            "lease/keeper/KeptLease.java",
            26,
            "return limited ? startedNanos + policy.maxHoldNanos() : NEVER;",
            "return NEVER;"),
    SETTLEMENT_NOT_REPEATED(
            "lease/keeper/LeaseClock.java",
            10,
            "return decided() == SettleVerb.NAK || at >= send ? NEVER : at;",
            "return NEVER;"),
    UNKNOWN_TOLD_AS_DONE(
            "lease/keeper/KeptLease.java",
            67,
            "            abort();\n" + "        }\n" + "        settled(SettleAnswer.UNKNOWN);",
            "            abort();\n" + "        }\n"
                    + "        advance(LeaseState.UNKNOWN, LeaseState.SETTLED);\n"
                    + "        settled(SettleAnswer.DONE);"),
    WRITTEN_TAKEN_FOR_CONFIRMED(
            "lease/keeper/LeaseClock.java", 1236, "return !confirmed && work == Work.RUNNING;", "return false;"),
    UNANSWERED_NOT_TOLD_AT_THE_END("consume/Consumption.java", 466, "mode().unanswered(delivery.unanswered());", ""),
    ANSWERS_FORGOTTEN_AT_THE_END(
            "lease/keeper/KeptLease.java", 978, "if (!retired && !lose(LeaseLoss.CLOSED)) {", "if (false) {"),
    STARTED_ALTHOUGH_EXPIRED("consume/Run.java", 10, ": lease.mayStart() && delivery", "  : delivery"),
    SLOT_FREED_AT_LEASE_LOSS("consume/Dispatcher.java", 1, "if (leaves && delivery.isIdle() &&", "if (leaves &&"),
    SLOT_FREED_BEFORE_THE_SETTLEMENT_ENDED(
            "consume/Dispatcher.java", 1, "if (leaves && delivery.isIdle() &&", "if (delivery.isIdle() &&"),
    SUPERSEDED_WITHOUT_CANCEL(
            "consume/Dispatcher.java",
            1,
            "        older.kept().lose(LeaseLoss.SUPERSEDED);\n" + "        older.cancel(Execution.Stop.LOST);\n",
            ""),
    SUPERSEDED_BY_COUNT(
            "consume/HeldDelivery.java",
            110,
            "return mine == null || theirs == null || mine.isNewerThan(theirs) || other.mayBeOfAnEarlierLife();",
            "return deliveryCount() > other.deliveryCount();"),
    OLDER_DISPLACES_NEWER(
            "consume/HeldDelivery.java",
            2022,
            "return mine == null || theirs == null || mine.isNewerThan(theirs) || other.mayBeOfAnEarlierLife();",
            "return true;"),
    FENCE_THAT_DROPS_A_LIVE_DELIVERY(
            "consume/Dispatcher.java",
            1,
            "} else if (!delivery.isNewerThan(newest(present))) {",
            "} else if (present != delivery) {"),
    SUCCESSOR_BESIDE_THE_ORPHAN(
            "consume/Dispatcher.java",
            170,
            "        older.successor(newer);\n        if (replaced != null) {",
            "        waiting--;\n" + "        admit(newer, false);\n" + "        if (replaced != null) {"),
    NAK_BEFORE_THE_RUN_ENDED(
            "consume/Run.java",
            2,
            "                cancel(Execution.Stop.TIMEOUT);\n",
            "                kept().workEnded();\n" + "                kept().settle(SettleVerb.NAK, 0, null);\n"
                    + "                cancel(Execution.Stop.TIMEOUT);\n"),
    RUN_NOT_CANCELLED_AFTER_ITS_NAK(
            "consume/Run.java", 76, "case NAK_TAIL -> cancel(Execution.Stop.LOST);", "case NAK_TAIL -> {}"),
    TIMEOUT_WITHOUT_CANCEL("consume/Run.java", 28, "                cancel(Execution.Stop.TIMEOUT);\n", ""),
    DEAD_LETTER_ACKED_BEFORE_CONFIRMED(
            "consume/Run.java",
            4,
            "        letters.send(delivery.handout(), kept()::isHeld, code, reason)\n",
            "        settle(new Ending(Outcome.Kind.DEAD_LETTERED, code, error), " + "SettleVerb.ACK, 0, null);\n"
                    + "        letters.send(delivery.handout(), kept()::isHeld, code, reason)\n"),
    ACK_AFTER_AN_ERROR(
            "consume/Run.java",
            7,
            "            giveBack(code, Ending.textOf(error), error, null);\n",
            "            completed();\n"),
    DRAIN_STARTS_HANDLERS(
            "consume/Consumption.java",
            34,
            "return phase == Phase.ACTIVE && mode().isOpen();\n    }\n",
            "return true;\n    }\n",
            "        return phase == Phase.ACTIVE\n                && running",
            "        return running",
            "return phase == Phase.DRAINING || phase == Phase.ENDED;",
            "return phase == Phase.ENDED;",
            "        dispatcher.releaseWaiting(this);\n"
                    + "        dispatcher.writeHeldBack(this);\n"
                    + "        dispatcher.releaseWithinBatches(this);\n        if (mode",
            "        if (mode"),
    LANE_ENTERED_BESIDE_ANOTHER("consume/KeyLanes.java", 1, "return lane.size() == 1;", "return true;"),
    LANE_NEVER_LEFT(
            "consume/Dispatcher.java",
            54,
            "        if (next != null && next.stage() == DeliveryStage.LANE) {",
            "        if (false && next != null) {"),
    DEMAND_IGNORED("consume/Consumption.java", 113, "\n                && mode().demand() > 0;", ";"),
    DEMAND_LOST_WITH_A_WITHHELD_DELIVERY("consume/ThroughMode.java", 793, "inner.unreserve();", ""),
    PUBLISH_WITHOUT_GATE("consume/Run.java", 10866, ".gated(kept()::mayWork)", ""),
    DERIVED_UNDER_ANOTHER_ID_EACH_TIME(
            "consume/Run.java", 5124, "encoded.id(derivedId(encoded, name))", "encoded.id(\"d\" + client().now())"),
    TIMER_NOT_UNLINKED_ON_SETTLE("embedded/Group.java", 1, "        timers.disarm(message);\n", ""),
    BATCH_ITEM_SETTLED_AFTER_ITS_LEASE_ENDED(
            "consume/BatchRun.java", 388, "                member.currentRun().decide(over);\n", """
                if (over.result() == Execution.Result.COMPLETED && member.kept().state() == LeaseState.LOST) {
                    member.kept().grant().settlement().settle(List.of(new io.leasehold.lease.SettleItem() {
                        public Object receipt() {
                            return member.kept().receipt();
                        }

                        public io.leasehold.lease.SettleVerb verb() {
                            return io.leasehold.lease.SettleVerb.ACK;
                        }

                        public long delayNanos() {
                            return 0;
                        }

                        public String reason() {
                            return null;
                        }

                        public boolean isRelease() {
                            return false;
                        }

                        public boolean tryWrite() {
                            return true;
                        }

                        public void written() {}

                        public void done() {}

                        public void refused(io.leasehold.lease.LeaseLoss loss) {}
                    }));
                }
                member.currentRun().decide(over);
            """),
    BATCH_BEGUN_WITHOUT_A_LEASE(
            "consume/HeldDelivery.java", 144, "return lease.mayStart() && mayBegin()", "return mayBegin()"),
    BATCH_GOES_ON_WITHOUT_ANY_LEASE(
            "consume/BatchRun.java",
            47,
            "return members.stream().anyMatch(member -> !left.contains(member.currentRun()));",
            "return true;"),
    WORK_FOR_SEVERAL_BEGUN_WITHOUT_ONE_OF_THEM(
            "consume/BatchRun.java",
            1447,
            "            if (isOneWork()) {\n                return null;\n            }\n",
            ""),
    WORK_FOR_SEVERAL_DONE_AGAIN_FOR_EACH(
            "consume/Run.java", 700, "return batch != null && batch.isOneWork();", "return false;"),
    HANDED_OVER_AFTER_LOSS(
            "consume/HeldDelivery.java", 250, "if (failing == null && lease.mayStart()) {", "if (failing == null) {"),
    SETTLE_BY_GOES_ON_AFTER_LOSS(
            "consume/HeldDelivery.java",
            38,
            "        if (present != null) {\n            present.cancel(why);",
            "        boolean lost = why == Execution.Stop.LOST;\n"
                    + "        if (present != null && !(lost && handOver == HandOver.DONE)) {\n"
                    + "            present.cancel(why);"),
    LANE_LEFT_BEFORE_THE_RUN_ENDED(
            "consume/Dispatcher.java",
            367,
            "                    watch.lost(delivery);\n",
            "                    watch.lost(delivery);\n                    leaveLane(delivery);\n"),
    SURPLUS_KEPT_WHILE_PAUSED(
            "consume/Dispatcher.java",
            1017,
            "admit(delivery, tooMany || !delivery.receiver().isTaking());",
            "admit(delivery, tooMany);"),
    PAUSE_GIVES_NOTHING_BACK(
            "consume/Consumption.java",
            2855,
            "        phase = Phase.PAUSED;\n        dispatcher.releaseWaiting(this);\n",
            "        phase = Phase.PAUSED;\n"),
    WHAT_SETTLED_ITSELF_NEVER_LEAVES_ITS_BATCH(
            "consume/BatchRun.java",
            16650,
            "        left.add(lost);\n",
            "        if (lost.kept().state() != LeaseState.SETTLED) {\n            left.add(lost);\n        }\n"),
    OUTCOME_AFTER_THE_END("consume/DemandSink.java", 141_537, "if (done) {", "if (cancelled.get()) {"),
    WHAT_FINDS_NO_ROOM_IS_NOT_OFFERED_AGAIN(
            "lease/keeper/KeptLease.java", 5, "offerAt(now() + OFFER_AGAIN_NANOS);", ""),
    WHAT_IS_DECIDED_GOES_BY_A_DEADLINE_THAT_TOUCHES_MOVE(
            "lease/keeper/KeptLease.java", 30, "boolean renews = keeps && grant", "boolean renews = grant"),
    ANY_MEMBER_THAT_CLOSES_STARTS_THE_NEXT_ONE(
            "consume/BatchRun.java", 2027, "if (member == runsAlone) {", "if (!queue.isEmpty()) {"),
    WHAT_IS_TO_BE_OFFERED_AGAIN_WAITS_FOR_A_TOUCH(
            "lease/keeper/KeptLease.java",
            1,
            "Math.min(Math.min(settleByNanos(), offerDue()), touchDue())",
            "Math.min(settleByNanos(), touchDue())"),
    FATAL_ERROR_LEAVES_BEFORE_ITS_RUN_HAS_ENDED(
            "consume/Execution.java",
            80,
            "            fault = thrown;\n",
            "            Exceptions.throwIfJvmFatal(thrown);\n            fault = thrown;\n"),
    CANCELLED_SOURCE_HAS_DEMAND(
            "consume/DemandSink.java", 9349, "        if (isOver()) {\n            return 0;\n        }\n", ""),
    HELD_BACK_NAK_WRITTEN_AT_ONCE(
            "lease/keeper/KeptLease.java",
            2,
            "boolean due = present.untilNanos() != NEVER && now >= present.untilNanos();",
            "boolean due = present.untilNanos() != NEVER;",
            "Math.min(now + pause, heldBackAtMost())",
            "now"),
    LOSS_OF_THE_CONNECTION_ENDS_NO_LEASE(
            "consume/Dispatcher.java", 50, "                delivery.kept().connectionLost();\n", ""),
    DEAD_ON_ARRIVAL_STARTED(
            "lease/keeper/KeptLease.java",
            109,
            "return held && (deadlineNanos() - now >= terms().startNanosMin() || deadOnArrival());",
            "return held;");

    private final Mistake mistake;
    private final long seed;

    PlantedBug(String file, long seed, String... edits) {
        this.mistake = Mistake.of(file, edits);
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
    ScheduleMode mode() {
        return SimulationRun.modeOf(seed);
    }
}
