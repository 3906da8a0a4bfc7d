package io.leasehold.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;

/** Whether the other end is there, by a clock that the test moves. */
class LivenessTest {
    private static final long MILLI = 1_000_000;

    private final RoundTrip roundTrip = new RoundTrip();
    private final Progress progress = new Progress();
    private final Liveness liveness = new Liveness(
            Timeouts.builder(TestLoop.PROTOCOL)
                    .pingEvery(Duration.ofSeconds(3))
                    .pongTimeout(Duration.ofSeconds(2))
                    .build(),
            roundTrip,
            progress);
    private long now = -5_000 * MILLI;

    LivenessTest() {
        liveness.begin(now);
    }

    /** Writes a ping, which leaves at once. */
    private void ask(Sinks.Empty<Void> waiter) {
        ask(0, waiter);
        leave();
    }

    /** Writes a ping behind so many bytes. */
    private void ask(long bytes, Sinks.Empty<Void> waiter) {
        progress.writes(bytes);
        liveness.asked(now, progress.written(), waiter);
    }

    /** All that was written leaves. */
    private void leave() {
        progress.leaves(progress.written() - progress.left());
        liveness.left(now);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void aSilentServerIsAskedAndThenGivenUpAtTheSecondLook() {
        pass(Duration.ofMillis(2_999));
        assertThat(liveness.isPingDue(now)).isFalse();
        assertThat(liveness.nextLook(now)).isEqualTo(now + MILLI);
        pass(Duration.ofMillis(1));
        assertThat(liveness.isPingDue(now)).isTrue();
        ask(null);
        assertThat(liveness.isPingDue(now)).isFalse();
        pass(Duration.ofMillis(1_999));
        assertThat(liveness.isDead(now)).isFalse();
        assertThat(liveness.nextLook(now)).isEqualTo(now + MILLI);
        pass(Duration.ofMillis(1));
        assertThat(liveness.isDead(now)).isFalse();
        assertThat(liveness.nextLook(now)).isEqualTo(now + 500 * MILLI);
        pass(Duration.ofMillis(500));

        assertThat(liveness.isDead(now)).isTrue();
    }

    @Test
    void whoWasFrozenReadsFirst() {
        ask(null);
        pass(Duration.ofMinutes(10));
        assertThat(liveness.isDead(now)).isFalse();
        liveness.heard(now);
        liveness.answered(now);
        pass(Duration.ofMillis(500));

        assertThat(liveness.isDead(now)).isFalse();
    }

    @Test
    void aServerThatSaysMuchIsGivenMoreTimeToAnswerButNotForEver() {
        ask(null);
        for (int i = 0; i < 7; i++) {
            pass(Duration.ofSeconds(1));
            liveness.heard(now);
            assertThat(liveness.isDead(now)).isFalse();
        }
        pass(Duration.ofSeconds(1));
        assertThat(liveness.isDead(now)).isFalse();
        pass(Duration.ofMillis(500));

        assertThat(liveness.isDead(now)).isTrue();
    }

    /** Such as heartbeats, which still come when nothing of ours arrives any more. */
    @Test
    void aServerThatSaysLittleIsGivenNoMoreTime() {
        ask(null);
        pass(Duration.ofSeconds(1));
        assertThat(liveness.isMuch(Liveness.MUCH_BYTES - 1)).isFalse();
        pass(Duration.ofSeconds(1));
        assertThat(liveness.isDead(now)).isFalse();
        pass(Duration.ofMillis(500));

        assertThat(liveness.isDead(now)).isTrue();
    }

    @Test
    void littleAndLittleIsMuch() {
        assertThat(liveness.isMuch(Liveness.MUCH_BYTES - 1)).isFalse();
        assertThat(liveness.isMuch(1)).isTrue();
        liveness.heard(now);
        assertThat(liveness.isMuch(1)).isFalse();
    }

    @Test
    void theTimeToAnswerBeginsWhenTheQuestionHasLeft() {
        ask(1_000, null);
        pass(Duration.ofMinutes(1));
        assertThat(liveness.isDead(now)).isFalse();
        assertThat(liveness.isDead(now)).isFalse();
        leave();
        pass(Duration.ofMillis(1_999));
        assertThat(liveness.isDead(now)).isFalse();
        pass(Duration.ofMillis(1));
        pass(Duration.ofMillis(16));
        assertThat(liveness.isDead(now)).isFalse();
        pass(Duration.ofMillis(500));

        assertThat(liveness.isDead(now)).isTrue();
    }

    @Test
    void whatStandsBeforeAQuestionIsGivenTheTimeThatItTakesASlowLine() {
        ask(900 * 1_024, null);
        leave();
        pass(Duration.ofSeconds(16));
        assertThat(liveness.nextLook(now)).isGreaterThan(now);
        pass(Duration.ofMillis(100));
        assertThat(liveness.isDead(now)).isFalse();
        pass(Duration.ofMillis(500));

        assertThat(liveness.isDead(now)).isTrue();
    }

    @Test
    void aLineThatHasShownToBeFastIsGivenLessTime() {
        ask(1 << 20, null);
        leave();
        pass(Duration.ofMillis(10));
        liveness.answered(now);
        ask(1 << 20, null);
        leave();
        pass(Duration.ofMillis(2_100));
        assertThat(liveness.isDead(now)).isFalse();
        pass(Duration.ofMillis(500));

        assertThat(liveness.isDead(now)).isTrue();
    }

    @Test
    void roundTripsAreSmoothed() {
        ask(null);
        pass(Duration.ofMillis(8));
        liveness.answered(now);
        assertThat(roundTrip.nanos()).isEqualTo(8 * MILLI);
        ask(null);
        pass(Duration.ofMillis(16));
        liveness.answered(now);

        assertThat(roundTrip.nanos()).isEqualTo(9 * MILLI);
    }

    @Test
    void eachWaiterHearsOfItsOwnAnswerOrOfTheEnd() {
        Sinks.Empty<Void> first = Sinks.empty();
        Sinks.Empty<Void> second = Sinks.empty();
        Heard<Void> one = Heard.of(first.asMono());
        Heard<Void> two = Heard.of(second.asMono());
        ask(first);
        ask(null);
        ask(second);
        liveness.answered(now);
        liveness.answered(now);
        assertThat(one.hasCompleted()).isTrue();
        assertThat(two.isOpen()).isTrue();
        liveness.end(new MessagingException(ErrorCode.DISCONNECTED, "x", "s", "x"));
        assertThat(two.code()).isEqualTo(ErrorCode.DISCONNECTED);
        liveness.answered(now);
    }
}
