package io.leasehold.simulation;

/**
 * Mistakes that somebody could make, each with the seed of a schedule that shows it. They are planted into the text of
 * source files, so that the product needs no hook for them; {@link PlantedBugSearch} finds the seeds.
 */
enum PlantedBug {
    ANCHOR_AT_ARRIVAL(
            "lease/KeptLease.java", "super(terms, grant.anchorNanos());", "super(terms, keeper.ticker().nanos());", 1),
    TOUCH_ANCHORED_AT_ITS_CONFIRMATION(
            "lease/KeptLease.java", "renew(sentAt, leaseNanos)", "renew(now(), leaseNanos)", 1),
    ACK_WITHOUT_GATE(
            "lease/KeptLease.java",
            "if (now >= (verb == Verb.NAK ? nakDeadlineNanos() : sendDeadlineNanos())) {",
            "if (verb == Verb.NAK && now >= nakDeadlineNanos()) {",
            1),
    LATE_CONFIRMATION_ACCEPTED(
            "lease/KeptLease.java", "boolean inTime = open && now() < deadlineNanos();", "boolean inTime = open;", 1),
    TOUCH_AFTER_LOSS("lease/KeptLease.java", "return holdsAt(now());", "return state() != LeaseState.SETTLED;", 1),
    NAK_REPEATED(
            "lease/KeptLease.java",
            "return verb != Verb.NAK && now < sendDeadlineNanos();",
            "return now < sendDeadlineNanos();",
            1),
    NAK_LATE_ON_AN_UNFENCED_BROKER(
            "lease/LeaseTerms.java",
            "return fenced || isInfinite() ? send : Math.min(send, anchor + leaseNanos / 4 * 3);",
            "return send;",
            1),
    MARGIN_WITHOUT_J(
            "lease/LeaseTerms.java",
            "return floorToTick(anchor + sure - budgetNanos());",
            "return floorToTick(anchor + sure);",
            1),
    MARGIN_WITHOUT_DRIFT(
            "lease/LeaseTerms.java",
            "long sure = (leaseNanos - crashNanos) / 1001 * 999;",
            "long sure = leaseNanos - crashNanos;",
            1),
    MARGIN_WITHOUT_CRASH_ALLOWANCE(
            "lease/LeaseTerms.java",
            "long sure = (leaseNanos - crashNanos) / 1001 * 999;",
            "long sure = leaseNanos / 1001 * 999;",
            1),
    DEADLINE_ROUNDED_UP(
            "lease/LeaseTerms.java",
            "return Math.floorDiv(nanos, TICK_NANOS) * TICK_NANOS;",
            "return Math.floorDiv(nanos + TICK_NANOS - 1, TICK_NANOS) * TICK_NANOS;",
            1),
    SETTLEMENT_NOT_REPEATED(
            "lease/LeaseClock.java", "return decided() == Verb.NAK || at >= send ? NEVER : at;", "return NEVER;", 1);

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
