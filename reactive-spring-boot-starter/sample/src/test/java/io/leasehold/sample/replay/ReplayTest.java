package io.leasehold.sample.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.sample.catalogue.Catalogue;
import io.leasehold.sample.desk.DeskEvent;
import io.leasehold.sample.desk.Tally;
import io.leasehold.sample.messaging.Published;
import io.leasehold.sample.messaging.QuakeMessage;
import io.leasehold.sample.messaging.QuakePublisher;
import io.leasehold.sample.messaging.RecordingPublisher;
import io.leasehold.sample.quake.QuakeCsv;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** The replay publishes every record once, and says when it is over. */
class ReplayTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String GOOD =
            "2016/01/01 00:30:58.02,37.4485,-115.9455,12.31,1.27,ML,26,150,28,0.20,NN,524900\n";
    private static final String BAD = "2016/01/01 00:30:58.02,97,-115.9455,12.31,1.27,ML,26,150,28,0.20,NN,524900\n";

    private final Tally tally = new Tally(true);
    private final RecordingPublisher broker = new RecordingPublisher();

    @Test
    void theYear2016IsPublishedInItsOrder() {
        StepVerifier.create(replay(new ClassPathResource("catalogue/earthquakes-2016.csv.gz"))
                        .to(broker))
                .expectComplete()
                .verify(LIMIT);

        assertThat(broker.messages()).hasSize(38_094);
        assertThat(broker.messages())
                .element(0)
                .extracting(QuakeMessage::topic, QuakeMessage::key, QuakeMessage::id)
                .containsExactly("quakes.pr", "pr", "201601012001-2");
        assertThat(tally.of(DeskEvent.PUBLISHED)).isEqualTo(38_094);
        assertThat(tally.expected()).isEqualTo(38_094);
        assertThat(tally.replaying()).isFalse();
    }

    @Test
    void aLineThatIsNoEarthquakeIsCountedAndTheOthersGoOn() {
        StepVerifier.create(replay(file(GOOD + BAD + GOOD)).to(broker))
                .expectComplete()
                .verify(LIMIT);

        assertThat(broker.messages()).extracting(QuakeMessage::id).containsExactly("524900-2", "524900-4");
        assertThat(tally.of(DeskEvent.REJECTED)).isEqualTo(1);
        assertThat(tally.of(DeskEvent.PUBLISHED)).isEqualTo(2);
        assertThat(tally.replaying()).isFalse();
    }

    @Test
    void whatTheBrokerHadBeforeIsNotCountedAgain() {
        Replay replay = replay(file(GOOD + GOOD));

        StepVerifier.create(replay.to(broker).then(replay.to(broker)))
                .expectComplete()
                .verify(LIMIT);

        assertThat(tally.of(DeskEvent.PUBLISHED)).isEqualTo(2);
    }

    @Test
    void aReplayThatFailsIsNotOver() {
        StepVerifier.create(replay(file(GOOD)).to(new BrokenPublisher()))
                .expectErrorMessage("no broker")
                .verify(LIMIT);

        assertThat(tally.replaying()).isTrue();
    }

    @Test
    void theLifecycleStartsAndStopsIt() {
        ReplayLifecycle lifecycle = new ReplayLifecycle(
                new Replay(
                        new Catalogue(file(GOOD + GOOD)), new Pace(Duration.ofDays(1), Schedulers.parallel()), tally),
                broker);
        assertThat(lifecycle.isRunning()).isFalse();

        lifecycle.start();
        assertThat(lifecycle.isRunning()).isTrue();

        lifecycle.stop();

        assertThat(lifecycle.isRunning()).isFalse();
        assertThat(tally.replaying()).isTrue();
    }

    private Replay replay(Resource file) {
        return new Replay(new Catalogue(file), new Pace(Duration.ZERO, Schedulers.parallel()), tally);
    }

    private static Resource file(String lines) {
        return new ByteArrayResource((QuakeCsv.header() + "\n" + lines).getBytes(StandardCharsets.UTF_8));
    }

    /** A way that leads nowhere. */
    private static final class BrokenPublisher implements QuakePublisher {

        @Override
        public Mono<Published> publish(QuakeMessage message) {
            return Mono.error(new IllegalStateException("no broker"));
        }

        @Override
        public Flux<Published> publishAll(Flux<QuakeMessage> messages) {
            return messages.concatMap(this::publish);
        }
    }
}
