package io.leasehold.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The deadlines lie on the safe side of the broker's timer, whatever both clocks do within their bound. */
class LeaseTermsTest {
    private static final long SEED = Long.getLong("test.seed", 11);
    private static final int ROUNDS = 50_000;
    private static final MathContext EXACT = MathContext.DECIMAL128;
    private static final BigDecimal RHO = new BigDecimal("0.001");
    private static final BigDecimal SLOW = BigDecimal.ONE.subtract(RHO);
    private static final BigDecimal FAST = BigDecimal.ONE.add(RHO);

    private static LeaseTerms fenced(Duration leaseTime) {
        return LeaseTerms.of(LeaseTime.renewable(leaseTime), true, Duration.ZERO, Duration.ZERO);
    }

    private static LeaseTerms unfenced(Duration leaseTime) {
        return LeaseTerms.of(LeaseTime.renewable(leaseTime), false, Duration.ofSeconds(1), Duration.ofMillis(20));
    }

    /** Terms of all sizes that are not refused, each with an anchor somewhere on the clock. */
    private static void forMany(BiConsumer<LeaseTerms, Long> check) {
        Random random = new Random(SEED);
        int checked = 0;
        while (checked < ROUNDS) {
            long lease = 1 + (long) (Math.pow(random.nextDouble(), 4) * LeaseTime.LIMIT.toNanos());
            boolean fenced = random.nextBoolean();
            Duration crash = Duration.ofMillis(random.nextInt(3) * 500L);
            Duration trip = Duration.ofNanos(random.nextInt(500_000_000));
            LeaseTerms terms = LeaseTerms.of(new LeaseTime(lease, true), fenced, crash, trip);
            if (lease > 4 * (terms.budgetNanos() + terms.crashNanos() + terms.guardNanos())) {
                check.accept(terms.require(), random.nextLong() >> (8 + random.nextInt(50)));
                checked++;
            }
        }
    }

    /** The true time that has passed when a slow clock of ours has counted so much. */
    private static BigDecimal longestFor(long ownNanos) {
        return BigDecimal.valueOf(ownNanos).divide(SLOW, EXACT);
    }

    /** The true time after which a fast broker, restarted at the worst instant, ends the lease. */
    private static BigDecimal earliestExpiry(LeaseTerms terms) {
        return BigDecimal.valueOf(terms.leaseNanos() - terms.crashNanos()).divide(FAST, EXACT);
    }

    @Test
    void workIsCancelledTheWholeBudgetBeforeTheBrokerCouldEndTheLease() {
        forMany((terms, anchor) -> {
            BigDecimal cancelled = longestFor(terms.workDeadline(anchor) - anchor);
            BigDecimal stopped = cancelled.add(BigDecimal.valueOf(terms.budgetNanos()));
            assertThat(stopped)
                    .as("seed %d, %s, anchor %d", SEED, terms, anchor)
                    .isLessThanOrEqualTo(earliestExpiry(terms));
        });
    }

    @Test
    void noMoreThanATickIsGivenAway() {
        forMany((terms, anchor) -> {
            BigDecimal sure = earliestExpiry(terms).multiply(SLOW);
            BigDecimal allowed = sure.subtract(BigDecimal.valueOf(terms.budgetNanos()));
            BigDecimal used = BigDecimal.valueOf(terms.workDeadline(anchor) - anchor);
            assertThat(allowed.subtract(used))
                    .as("seed %d, %s, anchor %d", SEED, terms, anchor)
                    .isLessThan(BigDecimal.valueOf(LeaseTerms.TICK_NANOS + 1001));
        });
    }

    @Test
    void theWorkDeadlineLiesOnATick() {
        forMany((terms, anchor) -> assertThat(terms.workDeadline(anchor) % LeaseTerms.TICK_NANOS)
                .as("seed %d, %s, anchor %d", SEED, terms, anchor)
                .isZero());
    }

    @Test
    void aNakThatIsUnderWayForAQuarterOfTheLeaseStillFindsItOurs() {
        forMany((terms, anchor) -> {
            if (terms.fenced()) {
                return;
            }
            long nak = terms.nakDeadline(anchor, terms.workDeadline(anchor));
            BigDecimal arrived = longestFor(nak - anchor).add(BigDecimal.valueOf(terms.leaseNanos() / 4));
            assertThat(arrived)
                    .as("seed %d, %s, anchor %d", SEED, terms, anchor)
                    .isLessThanOrEqualTo(earliestExpiry(terms));
        });
    }

    @Test
    void aRunThatGoesOnAfterItsNakStopsTheWholeBudgetBeforeTheMessageIsDeliveredAgain() {
        forMany((terms, anchor) -> {
            BigDecimal cancelled = longestFor(terms.budgetNanos());
            BigDecimal stopped = cancelled.add(BigDecimal.valueOf(terms.budgetNanos()));
            BigDecimal again = BigDecimal.valueOf(terms.nakDelayNanosMin() - terms.crashNanos())
                    .divide(FAST, EXACT);
            assertThat(stopped)
                    .as("seed %d, %s, anchor %d", SEED, terms, anchor)
                    .isLessThanOrEqualTo(again);
        });
    }

    @Test
    void aSettlementHasTheGuardToArriveWhileTheLeaseIsOurs() {
        forMany((terms, anchor) -> {
            long work = terms.workDeadline(anchor);
            assertThat(work - terms.sendDeadline(work)).isEqualTo(terms.guardNanos());
            assertThat(terms.nakDeadline(anchor, work))
                    .as("seed %d, %s, anchor %d", SEED, terms, anchor)
                    .isLessThanOrEqualTo(terms.sendDeadline(work))
                    .isGreaterThan(anchor);
        });
    }

    @Test
    void aLeaseThatIsNotRefusedLeavesTimeToStart() {
        forMany((terms, anchor) -> assertThat(terms.workDeadline(anchor) - anchor)
                .as("seed %d, %s, anchor %d", SEED, terms, anchor)
                .isGreaterThan(terms.startNanosMin()));
    }

    @Test
    void theExampleOfTheDocumentationHolds() {
        LeaseTerms terms = unfenced(Duration.ofSeconds(30));
        assertThat(terms.workDeadline(0)).isEqualTo(Duration.ofMillis(28_640).toNanos());
        assertThat(terms.sendDeadline(terms.workDeadline(0)))
                .isEqualTo(Duration.ofMillis(28_390).toNanos());
    }

    @ParameterizedTest
    @CsvSource({"true, 0, 0, 400", "true, 1000, 0, 4400", "false, 1000, 0, 5400", "false, 1000, 100, 6000"})
    void theShortestLeaseTimeIsRefusedAndTheNextIsNot(boolean fenced, long crash, long trip, long leastMillis) {
        Duration least = Duration.ofMillis(leastMillis);
        assertThatThrownBy(() -> terms(least, fenced, crash, trip).require())
                .extracting(error -> ((MessagingException) error).code())
                .isEqualTo(ErrorCode.LEASE_TIME_TOO_SHORT);
        LeaseTerms longer = terms(least.plusNanos(1), fenced, crash, trip);

        assertThat(longer.require()).isSameAs(longer);
    }

    private static LeaseTerms terms(Duration time, boolean fenced, long crashMillis, long tripMillis) {
        return LeaseTerms.of(
                LeaseTime.renewable(time), fenced, Duration.ofMillis(crashMillis), Duration.ofMillis(tripMillis));
    }

    @ParameterizedTest
    @CsvSource({"1, 100", "10, 100", "11, 110", "30, 300", "3600, 36000"})
    void theBudgetIsAHundredthOfTheLeaseAndAtLeastATenthOfASecond(long seconds, long budgetMillis) {
        assertThat(fenced(Duration.ofSeconds(seconds)).budgetNanos())
                .isEqualTo(Duration.ofMillis(budgetMillis).toNanos());
    }

    @ParameterizedTest
    @CsvSource({"0, 250", "62, 250", "63, 252", "500, 2000"})
    void theGuardIsFourRoundTripsAndAtLeastAQuarterOfASecond(long tripMillis, long guardMillis) {
        LeaseTerms terms = terms(Duration.ofMinutes(1), false, 1000, tripMillis);
        assertThat(terms.guardNanos()).isEqualTo(Duration.ofMillis(guardMillis).toNanos());
    }

    @Test
    void aBrokerThatChecksTokensNeedsNoGuard() {
        LeaseTerms terms = terms(Duration.ofMinutes(1), true, 0, 500);
        long work = terms.workDeadline(0);
        assertThat(terms.sendDeadline(work)).isEqualTo(work);
        assertThat(terms.nakDeadline(0, work)).isEqualTo(work);
    }

    @Test
    void aLeaseWithoutEndHasNoDeadlineThatComes() {
        LeaseTerms terms = LeaseTerms.of(LeaseTime.INFINITE, false, Duration.ofSeconds(1), Duration.ZERO);
        long anchor = Duration.ofDays(400).toNanos();
        long work = terms.require().workDeadline(anchor);

        assertThat(work).isGreaterThan(Duration.ofDays(36_000).toNanos());
        assertThat(terms.nakDeadline(anchor, work)).isEqualTo(terms.sendDeadline(work));
        assertThat(terms.startNanosMin()).isEqualTo(Duration.ofMillis(200).toNanos());
        assertThat(terms.nakPatienceNanos()).isEqualTo(Duration.ofSeconds(2).toNanos());
    }

    @ParameterizedTest
    @CsvSource({"4, 500", "16, 2000", "100, 2000"})
    void aNakWaitsForTheEndOfItsRunForAnEighthOfTheLeaseButTwoSecondsAtMost(long seconds, long millis) {
        assertThat(fenced(Duration.ofSeconds(seconds)).nakPatienceNanos())
                .isEqualTo(Duration.ofMillis(millis).toNanos());
    }

    @Test
    void anotherLeaseTimeKeepsWhatDependsOnTheBroker() {
        LeaseTerms terms = unfenced(Duration.ofSeconds(30));
        LeaseTerms longer = terms.withLeaseNanos(Duration.ofSeconds(60).toNanos());
        assertThat(longer).isEqualTo(unfenced(Duration.ofSeconds(60)));
        assertThat(terms.withLeaseNanos(terms.leaseNanos())).isSameAs(terms);
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "8640000000000001"})
    void aLeaseTimeOutOfItsBoundsIsRefused(long nanos) {
        assertThatThrownBy(() -> new LeaseTime(nanos, true))
                .extracting(error -> ((MessagingException) error).code())
                .isEqualTo(ErrorCode.BAD_SETTING);
    }
}
