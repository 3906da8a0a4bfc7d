package io.leasehold.sample.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.sample.SomeQuakes;
import io.leasehold.sample.assessment.QuakeAssessor;
import io.leasehold.sample.assessment.Workload;
import io.leasehold.sample.quake.Quake;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** The desk counts a message once, however often and however simultaneously it is delivered. */
class DeskTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Quake quake = SomeQuakes.of(440);

    @Test
    void anAssessedEarthquakeIsInTheStatistics() {
        Desk desk = desk(one -> Mono.empty());

        assess(desk, "a-1", quake);

        assertThat(desk.find("a-1"))
                .contains(new LedgerEntry(
                        "a-1", quake, SomeQuakes.assessed("a-1", quake).assessment()));
        assertThat(desk.total().counts().of(440)).isEqualTo(1);
        assertThat(desk.networks()).containsOnlyKeys("us");
    }

    @Test
    void nothingHappensBeforeTheSubscription() {
        Desk desk = desk(one -> Mono.empty());

        Mono<Void> assessment = desk.assess("a-1", quake);

        assertThat(desk.find("a-1")).isEmpty();
        StepVerifier.create(assessment).expectComplete().verify(LIMIT);
        assertThat(desk.find("a-1")).isPresent();
    }

    @Test
    void aRedeliveryAfterTheEndIsNotWorkedOnAgain() {
        AtomicInteger works = new AtomicInteger();
        Desk desk = desk(one -> Mono.fromRunnable(works::incrementAndGet));

        assess(desk, "a-1", quake);
        assess(desk, "a-1", quake);

        assertThat(works).hasValue(1);
        assertThat(desk.total().counts().total()).isEqualTo(1);
    }

    @Test
    void aRedeliveryBesideAFrozenWorkerCountsOnce() {
        Sinks.Empty<Void> frozen = Sinks.empty();
        AtomicInteger deliveries = new AtomicInteger();
        Desk desk = desk(one -> deliveries.getAndIncrement() == 0 ? frozen.asMono() : Mono.empty());

        StepVerifier.create(desk.assess("a-1", quake))
                .expectSubscription()
                .then(() -> assess(desk, "a-1", quake))
                .then(() -> assertThat(desk.total().counts().total()).isEqualTo(1))
                .then(frozen::tryEmitEmpty)
                .expectComplete()
                .verify(LIMIT);

        assertThat(desk.total().counts().total()).isEqualTo(1);
        assertThat(desk.distinct()).isEqualTo(1);
    }

    @Test
    void aCancelledWorkerChangesNothing() {
        Sinks.Empty<Void> frozen = Sinks.empty();
        Desk desk = desk(one -> frozen.asMono());

        StepVerifier.create(desk.assess("a-1", quake))
                .expectSubscription()
                .thenCancel()
                .verify(LIMIT);

        frozen.tryEmitEmpty();

        assertThat(desk.find("a-1")).contains(new LedgerEntry("a-1", quake, null));
        assertThat(desk.distinct()).isEqualTo(1);
        assertThat(desk.total().counts().total()).isZero();
    }

    @Test
    void failedWorkCanBeDoneAgain() {
        AtomicInteger deliveries = new AtomicInteger();
        Desk desk = desk(
                one -> deliveries.getAndIncrement() == 0 ? Mono.error(new IllegalStateException("ill")) : Mono.empty());

        StepVerifier.create(desk.assess("a-1", quake)).expectErrorMessage("ill").verify(LIMIT);

        assess(desk, "a-1", quake);

        assertThat(desk.total().counts().total()).isEqualTo(1);
    }

    @Test
    void aFullDeskRefusesANewEarthquake() {
        Desk desk = new Desk(new QuakeAssessor(one -> Mono.empty()), new Ledger(1));
        assess(desk, "a-1", quake);

        StepVerifier.create(desk.assess("a-2", quake))
                .expectError(LedgerFullException.class)
                .verify(LIMIT);

        assertThat(desk.isFull()).isTrue();

        assess(desk, "a-1", quake);
    }

    private static Desk desk(Workload workload) {
        return new Desk(new QuakeAssessor(workload), new Ledger(10));
    }

    private static void assess(Desk desk, String id, Quake quake) {
        StepVerifier.create(desk.assess(id, quake)).expectComplete().verify(LIMIT);
    }
}
