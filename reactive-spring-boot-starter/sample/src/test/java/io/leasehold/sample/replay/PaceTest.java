package io.leasehold.sample.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A pace spreads elements evenly over a time. */
class PaceTest {

    private static final int YEAR = 38_094;

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final List<Integer> seen = new ArrayList<>();

    @AfterEach
    void stopTime() {
        time.dispose();
    }

    @Test
    void theYearTakesAMinute() {
        List<Boolean> ended = new ArrayList<>();
        minute().spread(Flux.range(0, YEAR), YEAR)
                .doOnComplete(() -> ended.add(true))
                .subscribe(seen::add);

        time.advanceTimeBy(Duration.ofSeconds(15));
        assertThat(seen.size()).isBetween(YEAR / 4 - 50, YEAR / 4 + 50);

        time.advanceTimeBy(Duration.ofSeconds(15));
        assertThat(seen.size()).isBetween(YEAR / 2 - 50, YEAR / 2 + 50);

        time.advanceTimeBy(Duration.ofMillis(29_800));
        assertThat(ended).isEmpty();

        time.advanceTimeBy(Duration.ofMillis(200));
        assertThat(ended).containsExactly(true);
        assertThat(seen).isEqualTo(IntStream.range(0, YEAR).boxed().toList());
    }

    @Test
    void fewElementsComeOneByOne() {
        minute().spread(Flux.range(0, 3), 3).subscribe(seen::add);

        assertThat(seen).containsExactly(0);

        time.advanceTimeBy(Duration.ofMillis(19_999));
        assertThat(seen).containsExactly(0);

        time.advanceTimeBy(Duration.ofMillis(1));
        assertThat(seen).containsExactly(0, 1);

        time.advanceTimeBy(Duration.ofSeconds(20));
        assertThat(seen).containsExactly(0, 1, 2);
    }

    @Test
    void withoutATimeAllComeAtOnce() {
        new Pace(Duration.ZERO, time).spread(Flux.range(0, YEAR), YEAR).subscribe(seen::add);

        assertThat(seen).hasSize(YEAR);
    }

    @Test
    void nothingComesOfNothing() {
        List<Boolean> ended = new ArrayList<>();
        minute().spread(Flux.<Integer>empty(), 0)
                .doOnComplete(() -> ended.add(true))
                .subscribe(seen::add);

        assertThat(ended).containsExactly(true);
        assertThat(seen).isEmpty();
    }

    @Test
    void whoeverFallsBehindCatchesUp() {
        BaseSubscriber<Integer> slow = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
                // Asks for nothing yet.
            }

            @Override
            protected void hookOnNext(Integer value) {
                seen.add(value);
            }
        };
        minute().spread(Flux.range(0, YEAR), YEAR).subscribe(slow);
        time.advanceTimeBy(Duration.ofSeconds(30));
        assertThat(seen).isEmpty();

        slow.requestUnbounded();

        assertThat(seen.size()).isBetween(YEAR / 2 - 50, YEAR / 2 + 50);
    }

    @Test
    void aNegativeTimeIsRefusedByItsSetting() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Pace(Duration.ofSeconds(-1), time))
                .withMessageContaining("quakedesk.replay.duration");
    }

    private Pace minute() {
        return new Pace(Duration.ofMinutes(1), time);
    }
}
