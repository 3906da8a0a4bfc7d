package io.leasehold.sample.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.leasehold.sample.StraightFromTheFile;
import io.leasehold.sample.assessment.QuakeAssessor;
import io.leasehold.sample.catalogue.Catalogue;
import io.leasehold.sample.catalogue.CatalogueEntry.Recorded;
import io.leasehold.sample.messaging.QuakeMessage;
import io.leasehold.sample.quake.QuakeJson;
import io.leasehold.sample.statistics.Completeness;
import io.leasehold.sample.statistics.QuakeStatistics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** A year of messages, shuffled, many of them delivered more than once, gives what the file itself gives. */
class YearAtTheDeskTest {

    private static final Duration LIMIT = Duration.ofSeconds(50);

    private final StraightFromTheFile file = StraightFromTheFile.year2016();
    private final Desk desk = new Desk(new QuakeAssessor(quake -> Mono.empty()), new Ledger(40_000));
    private final Tally tally = new Tally(false);

    @Test
    void everyMessageCountsOnceInAnyOrder() {
        long seed = new Random().nextLong();
        deliver(shuffledWithDuplicates(new Random(seed)));

        Summary summary = Summary.of(desk, tally);

        assertThat(summary.progress().assessed()).as("seed %d", seed).isEqualTo(38_094);
        assertThat(summary.progress().distinct()).as("seed %d", seed).isEqualTo(38_094);
        assertSame(desk.total(), file);
        assertThat(summary.findings().bValue()).isCloseTo(file.bValue("5.0"), withinPercentage(1e-8));
        assertThat(summary.findings().totalEnergyJoule()).isCloseTo(file.energyJoule(), withinPercentage(1e-8));
        assertThat(summary.findings().largest()).satisfies(largest -> {
            assertThat(largest.magnitude()).hasToString(file.largestMagnitude());
            assertThat(file.largestTime()).startsWith("2016/03/02 12:49:48");
            assertThat(largest.time()).hasToString("2016-03-02T12:49:48.110Z");
        });
    }

    @Test
    void everyNetworkHasItsOwnStatistics() {
        long seed = new Random().nextLong();
        deliver(shuffledWithDuplicates(new Random(seed)));
        Map<String, StraightFromTheFile> expected = file.byNetwork();

        assertThat(desk.networks()).as("seed %d", seed).containsOnlyKeys(expected.keySet());

        desk.networks().forEach((network, statistics) -> assertSame(statistics, expected.get(network)));
        assertThat(NetworkSummary.of(desk)).element(1).satisfies(second -> {
            assertThat(second.network()).isEqualTo("NC");
            assertThat(second.completenessMagnitude()).isEqualTo(1.3);
            assertThat(second.bValue()).isCloseTo(expected.get("NC").bValue("1.3"), withinPercentage(1e-8));
        });
    }

    @Test
    void theSumsAreTheSameToTheLastBitWhateverTheOrder() {
        List<QuakeMessage> messages = messages();
        deliver(messages);
        Desk other = new Desk(new QuakeAssessor(quake -> Mono.empty()), new Ledger(40_000));
        Collections.reverse(messages);
        messages.forEach(message ->
                other.assess(message.id(), QuakeJson.read(message.body())).subscribe());

        assertThat(other.networks()).isEqualTo(desk.networks());
        assertThat(other.total().energyJoule()).isEqualTo(desk.total().energyJoule());
        assertThat(other.total().bValue(Completeness.WORLDWIDE))
                .isEqualTo(desk.total().bValue(Completeness.WORLDWIDE));
    }

    @Test
    void messageIdsAreDistinct() {
        assertThat(messages())
                .extracting(QuakeMessage::id)
                .doesNotHaveDuplicates()
                .hasSize(38_094);
    }

    private static void assertSame(QuakeStatistics statistics, StraightFromTheFile expected) {
        assertThat(statistics.counts().total()).isEqualTo(expected.count());

        for (int hundredths = 100; hundredths < 800; hundredths++) {
            String written = "%d.%02d".formatted(hundredths / 100, hundredths % 100);
            assertThat(statistics.counts().of(hundredths)).as(written).isEqualTo(expected.countOf(written));
        }

        assertThat(statistics.energyJoule()).isCloseTo(expected.energyJoule(), withinPercentage(1e-8));
        assertThat(statistics.largest())
                .satisfies(largest ->
                        assertThat(largest.quake().magnitude().decimal()).hasToString(expected.largestMagnitude()));
    }

    private void deliver(List<QuakeMessage> deliveries) {
        StepVerifier.create(Flux.fromIterable(deliveries)
                        .parallel(4)
                        .runOn(Schedulers.parallel())
                        .flatMap(message -> desk.assess(message.id(), QuakeJson.read(message.body()))))
                .expectComplete()
                .verify(LIMIT);
    }

    private static List<QuakeMessage> shuffledWithDuplicates(Random random) {
        List<QuakeMessage> messages = messages();
        List<QuakeMessage> deliveries = new ArrayList<>(messages);
        messages.stream().filter(message -> random.nextInt(4) == 0).forEach(deliveries::add);
        Collections.shuffle(deliveries, random);
        return deliveries;
    }

    private static List<QuakeMessage> messages() {
        return new Catalogue(new ClassPathResource("catalogue/earthquakes-2016.csv.gz"))
                .entries()
                .cast(Recorded.class)
                .map(QuakeMessage::recorded)
                .collectList()
                .map(ArrayList::new)
                .blockOptional(LIMIT)
                .orElseThrow();
    }
}
