package io.leasehold.sample.assessment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.leasehold.sample.SomeQuakes;
import io.leasehold.sample.quake.Quake;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.PublisherProbe;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Assessing takes its time, and no thread. */
class QuakeAssessorTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration LEASE = Duration.ofSeconds(2);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final AssessmentTime times = new AssessmentTime(Duration.ofMillis(100), Duration.ofSeconds(3), time);
    private final QuakeAssessor assessor = new QuakeAssessor(times);

    @AfterEach
    void stopTime() {
        time.dispose();
    }

    @ParameterizedTest(name = "magnitude {0}: {1} ms")
    @CsvSource({"1.0, 0", "5.49, 0", "5.5, 100", "6.99, 100", "7.0, 3000", "7.8, 7536"})
    void greatEarthquakesTakeLonger(double magnitude, long millis) {
        assertThat(times.timeFor(magnitude)).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void mostEarthquakesAreAssessedAtOnce() {
        Quake quake = SomeQuakes.of(280);

        StepVerifier.create(assessor.assess("a-1", quake))
                .expectNext(SomeQuakes.assessed("a-1", quake))
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void aGreatEarthquakeOutlastsALease() {
        StepVerifier.withVirtualTime(() -> assessor.assess("a-1", SomeQuakes.of(700)), () -> time, 1)
                .expectSubscription()
                .expectNoEvent(LEASE)
                .thenAwait(Duration.ofSeconds(1))
                .expectNextCount(1)
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void cancellingStopsTheWork() {
        PublisherProbe<Void> work = PublisherProbe.of(Mono.<Void>never());
        QuakeAssessor endless = new QuakeAssessor(quake -> work.mono());

        StepVerifier.create(endless.assess("a-1", SomeQuakes.of(700)))
                .expectSubscription()
                .thenCancel()
                .verify(LIMIT);

        work.assertWasCancelled();
    }

    @Test
    void eachSubscriptionWorksAnew() {
        PublisherProbe<Void> work = PublisherProbe.of(Mono.<Void>empty().subscribeOn(Schedulers.immediate()));
        Mono<AssessedQuake> assessment = new QuakeAssessor(quake -> work.mono()).assess("a-1", SomeQuakes.of(100));

        StepVerifier.create(assessment.repeat(1))
                .expectNextCount(2)
                .expectComplete()
                .verify(LIMIT);

        assertThat(work.subscribeCount()).isEqualTo(2);
    }

    @Test
    void negativeTimesAreRefusedByTheirSetting() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AssessmentTime(Duration.ofMillis(-1), Duration.ZERO, time))
                .withMessageContaining("quakedesk.assessment.strong");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AssessmentTime(Duration.ZERO, Duration.ofMillis(-1), time))
                .withMessageContaining("quakedesk.assessment.great");
    }
}
