package io.leasehold.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whom to try next, when, and when to give up. */
class ReconnectPolicyTest {
    private static final long SECOND = 1_000_000_000;
    private static final MessagingException LOST = error(ErrorCode.DISCONNECTED);
    private static final MessagingException REFUSED = error(ErrorCode.NOT_PERMITTED);

    private static MessagingException error(ErrorCode code) {
        return new MessagingException(code, "x", "x", "x");
    }

    private static ReconnectPolicy policy(boolean failFast, String... servers) {
        return policy(failFast, Duration.ZERO, servers);
    }

    private static ReconnectPolicy policy(boolean failFast, Duration refusedFor, String... servers) {
        return new ReconnectPolicy(
                addresses(servers),
                Timeouts.defaults(TestLoop.PROTOCOL).reconnect(),
                failFast,
                refusedFor,
                new Random(1));
    }

    private static List<ServerAddress> addresses(String... servers) {
        return Stream.of(servers)
                .map(server -> ServerAddress.parse(TestLoop.PROTOCOL, server))
                .toList();
    }

    private static boolean isHopelessAfter(ReconnectPolicy policy) {
        policy.next();
        return policy.isHopeless(0, LOST);
    }

    @Test
    void theOthersOfARoundFollowAtOnceAndRoundsAreApart() {
        ReconnectPolicy policy = policy(false, "a", "b", "c");
        long total = 0;
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < 2; i++) {
                policy.next();
                assertThat(policy.delayNanos(0)).isZero();
            }
            policy.next();
            long delay = policy.delayNanos(0);
            assertThat(delay).isBetween(SECOND / 20, 5 * SECOND);
            total += delay;
        }

        assertThat(total).isGreaterThan(10 * SECOND);
    }

    @Test
    void aGoodConnectionIsFollowedByAnAttemptNearlyAtOnce() {
        ReconnectPolicy policy = policy(false, "a");
        for (int i = 0; i < 20; i++) {
            policy.next();
            policy.delayNanos(0);
        }
        policy.welcomed(0, policy.next(), false);

        assertThat(policy.delayNanos(5 * SECOND)).isLessThan(SECOND / 5);
    }

    @Test
    void aConnectionThatDidNotLastCountsAsAFailure() {
        ReconnectPolicy policy = policy(false, "a");
        long last = 0;
        for (int i = 0; i < 20; i++) {
            policy.welcomed(0, policy.next(), false);
            last = policy.delayNanos(SECOND);
        }

        assertThat(last).isGreaterThan(2 * SECOND);
    }

    @Test
    void whoIsRefusedGoesOnForEver() {
        ReconnectPolicy policy = policy(false, "a", "b");
        for (long second = 0; second < 100_000; second++) {
            policy.next();
            assertThat(policy.isHopeless(second * SECOND, REFUSED)).isFalse();
        }
    }

    @Test
    void whoIsRefusedForAsLongAsIsSetGivesUp() {
        ReconnectPolicy policy = policy(false, Duration.ofMinutes(1), "a");
        ServerPool.Entry one = policy.next();

        assertThat(policy.isHopeless(0, REFUSED)).isFalse();
        assertThat(policy.isHopeless(59 * SECOND, REFUSED)).isFalse();
        policy.welcomed(59 * SECOND, one, false);

        assertThat(policy.isHopeless(61 * SECOND, REFUSED)).isFalse();
        assertThat(policy.isHopeless(120 * SECOND, LOST)).isFalse();
        assertThat(policy.isHopeless(121 * SECOND, REFUSED)).isTrue();
    }

    @Test
    void failingFastMeansOneRoundAndOnlyBeforeTheFirstWelcome() {
        ReconnectPolicy policy = policy(true, "a", "b");
        assertThat(isHopelessAfter(policy)).isFalse();
        assertThat(isHopelessAfter(policy)).isTrue();
        policy.welcomed(0, policy.next(), false);

        assertThat(isHopelessAfter(policy)).isFalse();
        assertThat(isHopelessAfter(policy)).isFalse();
    }

    @Test
    void aServerThatLeavesIsPassedOverWhileThereIsAnother() {
        ReconnectPolicy policy = policy(false, "a", "b");
        ServerPool.Entry leaving = policy.next();

        for (int i = 0; i < 4; i++) {
            assertThat(policy.nextBut(leaving).address()).isNotEqualTo(leaving.address());
        }
        ReconnectPolicy alone = policy(false, "a");
        ServerPool.Entry only = alone.next();

        assertThat(alone.nextBut(only).address()).isEqualTo(only.address());
    }

    @Test
    void whatWasSecureStaysSecureForAllServersLearnt() {
        ReconnectPolicy policy = policy(false, "a");
        ServerPool.Entry teller = policy.next();

        assertThat(policy.wasSecured()).isFalse();
        policy.welcomed(0, teller, true);
        policy.welcomed(0, teller, false);
        assertThat(policy.wasSecured()).isTrue();
        policy.learn(addresses("10.0.0.1:1"), teller, true);
        ServerPool.Entry learnt = policy.nextBut(teller);

        assertThat(learnt.address().tls()).isTrue();
        assertThat(learnt.certifiedName()).isEqualTo("a");
    }
}
