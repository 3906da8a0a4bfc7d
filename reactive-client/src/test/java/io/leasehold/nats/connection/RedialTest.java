package io.leasehold.nats.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whom to try next, when, and when to give up. */
class RedialTest {
    private static final long SECOND = 1_000_000_000;
    private static final MessagingException LOST = error(ErrorCode.DISCONNECTED);
    private static final MessagingException REFUSED = error(ErrorCode.NOT_PERMITTED);

    private static MessagingException error(ErrorCode code) {
        return new MessagingException(code, "x", "x", "x");
    }

    private static Redial redial(boolean failFast, String... servers) {
        List<ServerAddress> addresses =
                Stream.of(servers).map(ServerAddress::parse).toList();
        ConnectionSettings settings = ConnectionSettings.of(addresses);
        return new Redial(settings.with(settings.habits().failingFast(failFast)), new Random(1));
    }

    @Test
    void theOthersOfARoundFollowAtOnceAndRoundsAreApart() {
        Redial redial = redial(false, "a", "b", "c");
        long total = 0;
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < 2; i++) {
                redial.next();
                assertThat(redial.delayNanos(0)).isZero();
            }
            redial.next();
            long delay = redial.delayNanos(0);
            assertThat(delay).isBetween(SECOND / 20, 5 * SECOND);
            total += delay;
        }
        assertThat(total).isGreaterThan(10 * SECOND);
    }

    @Test
    void aGoodConnectionIsFollowedByAnAttemptNearlyAtOnce() {
        Redial redial = redial(false, "a");
        for (int i = 0; i < 20; i++) {
            redial.next();
            redial.delayNanos(0);
        }
        redial.next();
        redial.welcomed(0, false);
        assertThat(redial.delayNanos(5 * SECOND)).isLessThan(SECOND / 5);
    }

    @Test
    void aConnectionThatDidNotLastCountsAsAFailure() {
        Redial redial = redial(false, "a");
        long last = 0;
        for (int i = 0; i < 20; i++) {
            redial.next();
            redial.welcomed(0, false);
            last = redial.delayNanos(SECOND);
        }
        assertThat(last).isGreaterThan(2 * SECOND);
    }

    @Test
    void whoIsRefusedTwiceByEachServerGivesUp() {
        Redial redial = redial(false, "a", "b");
        ServerPool.Entry one = redial.next();
        ServerPool.Entry other = redial.next();
        assertThat(redial.isHopeless(one, REFUSED)).isFalse();
        assertThat(redial.isHopeless(one, REFUSED)).isFalse();
        assertThat(redial.isHopeless(other, LOST)).isFalse();
        assertThat(redial.isHopeless(other, REFUSED)).isFalse();
        assertThat(redial.isHopeless(other, REFUSED)).isTrue();
    }

    @Test
    void whoWasWelcomeBeforeIsRefusedMoreOftenBeforeItGivesUp() {
        Redial redial = redial(false, "a");
        ServerPool.Entry one = redial.next();
        assertThat(redial.isHopeless(one, REFUSED)).isFalse();
        redial.welcomed(0, false);
        for (int i = 1; i < 10; i++) {
            assertThat(redial.isHopeless(one, REFUSED)).isFalse();
        }
        assertThat(redial.isHopeless(one, REFUSED)).isTrue();
    }

    @Test
    void failingFastMeansOneRoundAndOnlyBeforeTheFirstWelcome() {
        Redial redial = redial(true, "a", "b");
        assertThat(redial.isHopeless(redial.next(), LOST)).isFalse();
        assertThat(redial.isHopeless(redial.next(), LOST)).isTrue();
        redial.welcomed(0, false);
        assertThat(redial.isHopeless(redial.next(), LOST)).isFalse();
        assertThat(redial.isHopeless(redial.next(), LOST)).isFalse();
    }

    @Test
    void aServerThatLeavesIsPassedOverWhileThereIsAnother() {
        Redial redial = redial(false, "a", "b");
        ServerPool.Entry leaving = redial.next();
        for (int i = 0; i < 4; i++) {
            assertThat(redial.nextBut(leaving).address()).isNotEqualTo(leaving.address());
        }
        Redial alone = redial(false, "a");
        ServerPool.Entry only = alone.next();
        assertThat(alone.nextBut(only).address()).isEqualTo(only.address());
    }

    @Test
    void whatWasSecureStaysSecureForAllServersLearnt() {
        Redial redial = redial(false, "a");
        ServerPool.Entry teller = redial.next();
        assertThat(redial.wasSecured()).isFalse();
        redial.welcomed(0, true);
        redial.welcomed(0, false);
        assertThat(redial.wasSecured()).isTrue();
        redial.learn(
                ServerInfo.read("{\"connect_urls\":[\"10.0.0.1:1\"]}".getBytes(StandardCharsets.UTF_8)), teller, true);
        ServerPool.Entry learnt = redial.nextBut(teller);
        assertThat(learnt.address().tls()).isTrue();
        assertThat(learnt.certifiedName()).isEqualTo("a");
    }
}
