package io.leasehold.simulation;

/**
 * Mistakes that somebody could make, each with the seed of a schedule that shows it. They are planted into the text of
 * source files, so that the product needs no hook for them; {@link PlantedBugSearch} finds the seeds.
 */
enum PlantedBug {
    ANCHOR_AT_ARRIVAL(
            "lease/KeptLease.java",
            "super(keeper, terms, grant.anchorNanos());",
            "super(keeper, terms, keeper.ticker().nanos());",
            1),
    TOUCH_ANCHORED_AT_ITS_CONFIRMATION(
            "lease/KeptLease.java", "renew(sentAt, leaseNanos)", "renew(now(), leaseNanos)", 1),
    ACK_WITHOUT_GATE(
            "lease/KeptLease.java",
            "if (now >= (verb == Verb.NAK ? nakDeadlineNanos() : sendDeadlineNanos())) {",
            "if (verb == Verb.NAK && now >= nakDeadlineNanos()) {",
            1),
    ACK_WITHOUT_GUARD("lease/LeaseTerms.java", "return workDeadline - guardNanos;", "return workDeadline;", 1),
    LATE_CONFIRMATION_ACCEPTED(
            "lease/KeptLease.java", "boolean inTime = open && now() < deadlineNanos();", "boolean inTime = open;", 1),
    TOUCH_AFTER_LOSS("lease/KeptLease.java", "return holdsAt(now());", "return true;", 1),
    NAK_REPEATED(
            "lease/KeptLease.java",
            "return verb != Verb.NAK && now < sendDeadlineNanos();",
            "return now < sendDeadlineNanos();",
            1),
    NAK_LATE_ON_AN_UNFENCED_BROKER(
            "lease/LeaseTerms.java", "Math.min(send, anchor + sureNanos() - leaseNanos / 4)", "send", 1),
    NAK_WITHOUT_CRASH_ALLOWANCE(
            "lease/LeaseTerms.java", "return 2 * budgetNanos() + crashNanos;", "return 2 * budgetNanos();", 1),
    MARGIN_WITHOUT_J(
            "lease/LeaseTerms.java",
            "return floorToTick(anchor + sureNanos() - budgetNanos());",
            "return floorToTick(anchor + sureNanos());",
            1),
    MARGIN_WITHOUT_DRIFT(
            "lease/LeaseTerms.java",
            "return (leaseNanos - crashNanos) / 1001 * 999;",
            "return leaseNanos - crashNanos;",
            1),
    MARGIN_WITHOUT_CRASH_ALLOWANCE(
            "lease/LeaseTerms.java",
            "return (leaseNanos - crashNanos) / 1001 * 999;",
            "return leaseNanos / 1001 * 999;",
            1),
    DEADLINE_ROUNDED_UP(
            "lease/LeaseTerms.java",
            "return Math.floorDiv(nanos, TICK_NANOS) * TICK_NANOS;",
            "return Math.floorDiv(nanos + TICK_NANOS - 1, TICK_NANOS) * TICK_NANOS;",
            1),
    SETTLEMENT_NOT_REPEATED(
            "lease/LeaseClock.java", "return decided() == Verb.NAK || at >= send ? NEVER : at;", "return NEVER;", 1),
    SLOT_FREED_AT_LEASE_LOSS("consume/Dispatcher.java", "if (over && delivery.isIdle()) {", "if (over) {", 1),
    SLOT_FREED_BEFORE_THE_SETTLEMENT_ENDED(
            "consume/Dispatcher.java", "if (over && delivery.isIdle()) {", "if (delivery.isIdle()) {", 1),
    SUPERSEDED_WITHOUT_CANCEL(
            "consume/Dispatcher.java",
            "        older.kept().lose(LeaseLoss.SUPERSEDED);\n        older.cancel(Execution.Stop.LOST);\n",
            "",
            1),
    SUPERSEDED_BY_COUNT(
            "consume/HeldDelivery.java",
            "return mine == null || theirs == null || mine.isNewerThan(theirs);",
            "return deliveryCount() > other.deliveryCount();",
            1),
    LIVE_DELIVERY_DROPPED(
            "consume/Dispatcher.java",
            "} else if (!delivery.isNewerThan(newest(present))) {",
            "} else if (delivery.isNewerThan(newest(present))) {",
            1),
    SUCCESSOR_BESIDE_THE_ORPHAN(
            "consume/Dispatcher.java",
            "        older.successor(newer);\n        if (replaced != null) {",
            "        waiting--;\n        admit(newer);\n        if (replaced != null) {",
            1),
    NAK_BEFORE_THE_RUN_ENDED(
            "consume/Run.java",
            "setAlarm(Alarm.PATIENCE, kept().terms().nakPatienceNanos());\n            }\n            case",
            "kept().workEnded();\n                kept().settle(Verb.NAK, 0, null);\n            }\n            case",
            1),
    DEAD_LETTER_ACKED_BEFORE_CONFIRMED(
            "consume/Run.java",
            "        letters.send(delivery, code, reason)\n",
            "        settle(new Ending(Outcome.Kind.DEAD_LETTERED, code, error), Verb.ACK, 0, null);\n"
                    + "        letters.send(delivery, code, reason)\n",
            1),
    ACK_AFTER_AN_ERROR(
            "consume/Run.java",
            "            nak(code, error, delivery.backoffNanos());\n        }",
            "completed();\n        }",
            1),
    REDELIVERED_ALTHOUGH_SETTLED("embedded/Group.java", "        exchange.timers().disarm(message);\n", "", 1);

    private final Mistake mistake;
    private final long seed;

    PlantedBug(String file, String original, String replacement, long seed) {
        this.mistake = new Mistake(file, original, replacement);
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
