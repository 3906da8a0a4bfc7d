package io.leasehold.nats.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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

    private static boolean isHopelessAfter(Redial redial) {
        redial.next();
        return redial.isHopeless(0, LOST);
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
        redial.welcomed(0, redial.next(), false);
        assertThat(redial.delayNanos(5 * SECOND)).isLessThan(SECOND / 5);
    }

    @Test
    void aConnectionThatDidNotLastCountsAsAFailure() {
        Redial redial = redial(false, "a");
        long last = 0;
        for (int i = 0; i < 20; i++) {
            redial.welcomed(0, redial.next(), false);
            last = redial.delayNanos(SECOND);
        }
        assertThat(last).isGreaterThan(2 * SECOND);
    }

    @Test
    void whoIsRefusedGoesOnForEver() {
        Redial redial = redial(false, "a", "b");
        for (long second = 0; second < 100_000; second++) {
            redial.next();
            assertThat(redial.isHopeless(second * SECOND, REFUSED)).isFalse();
        }
    }

    @Test
    void whoIsRefusedForAsLongAsIsSetGivesUp() {
        ConnectionSettings settings = ConnectionSettings.of(List.of(ServerAddress.parse("a")));
        Redial redial = new Redial(settings.with(settings.habits().refusedFor(Duration.ofMinutes(1))), new Random(1));
        ServerPool.Entry one = redial.next();
        assertThat(redial.isHopeless(0, REFUSED)).isFalse();
        assertThat(redial.isHopeless(59 * SECOND, REFUSED)).isFalse();
        redial.welcomed(59 * SECOND, one, false);
        assertThat(redial.isHopeless(61 * SECOND, REFUSED)).isFalse();
        assertThat(redial.isHopeless(120 * SECOND, LOST)).isFalse();
        assertThat(redial.isHopeless(121 * SECOND, REFUSED)).isTrue();
    }

    @Test
    void failingFastMeansOneRoundAndOnlyBeforeTheFirstWelcome() {
        Redial redial = redial(true, "a", "b");
        assertThat(isHopelessAfter(redial)).isFalse();
        assertThat(isHopelessAfter(redial)).isTrue();
        redial.welcomed(0, redial.next(), false);
        assertThat(isHopelessAfter(redial)).isFalse();
        assertThat(isHopelessAfter(redial)).isFalse();
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
        redial.welcomed(0, teller, true);
        redial.welcomed(0, teller, false);
        assertThat(redial.wasSecured()).isTrue();
        redial.learn(
                ServerInfo.read("{\"connect_urls\":[\"10.0.0.1:1\"]}".getBytes(StandardCharsets.UTF_8)), teller, true);
        ServerPool.Entry learnt = redial.nextBut(teller);
        assertThat(learnt.address().tls()).isTrue();
        assertThat(learnt.certifiedName()).isEqualTo("a");
    }
}
