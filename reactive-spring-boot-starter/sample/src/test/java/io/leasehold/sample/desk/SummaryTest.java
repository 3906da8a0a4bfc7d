package io.leasehold.sample.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.sample.SomeQuakes;
import io.leasehold.sample.assessment.QuakeAssessor;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The summary says how things stand, and is done only when nothing is left to do. */
class SummaryTest {

    private final Desk desk = new Desk(new QuakeAssessor(quake -> Mono.empty()), new Ledger(100));
    private final Tally tally = new Tally(true);

    @Test
    void isNotDoneBeforeTheReplayBegins() {
        assertThat(done()).isFalse();
    }

    @Test
    void isDoneAtOnceWithoutAReplay() {
        assertThat(Summary.of(desk, new Tally(false)).progress().done()).isTrue();
    }

    @Test
    void isNotDoneWhileTheReplayGoesOnThoughAllSoFarIsAssessed() {
        tally.replayBegun(2);
        publishAndAssess("a-1");

        assertThat(done()).isFalse();
    }

    @Test
    void isDoneWhenTheReplayIsOverAndAllIsAssessed() {
        tally.replayBegun(1);
        tally.count(DeskEvent.PUBLISHED);
        tally.replayEnded();
        assertThat(done()).isFalse();

        assess("a-1");
        assertThat(done()).isTrue();
    }

    @Test
    void whatIsDeadLetteredIsNotWaitedFor() {
        tally.count(DeskEvent.PUBLISHED);
        tally.replayEnded();
        tally.count(DeskEvent.DEAD_LETTERED);

        assertThat(done()).isTrue();
    }

    @Test
    void countsEachEventByItself() {
        tally.replayBegun(7);
        tally.count(DeskEvent.REDELIVERED);
        tally.count(DeskEvent.REDELIVERED);
        tally.count(DeskEvent.LOST);
        tally.count(DeskEvent.REJECTED);
        publishAndAssess("a-1");

        Summary summary = Summary.of(desk, tally);

        assertThat(summary.progress()).isEqualTo(new Summary.Progress(7, 1, 1, 1, false));
        assertThat(summary.mishaps()).isEqualTo(new Summary.Mishaps(2, 1, 0, 1));
    }

    @Test
    void isOneFlatJsonObject() {
        publishAndAssess("a-1");

        JsonNode json = JsonMapper.builder().build().valueToTree(Summary.of(desk, tally));

        assertThat(json.propertyNames())
                .containsExactlyInAnyOrder(
                        "expected",
                        "published",
                        "distinct",
                        "assessed",
                        "done",
                        "redelivered",
                        "lost",
                        "deadLettered",
                        "rejected",
                        "totalEnergyJoule",
                        "bValue",
                        "largest");
        assertThat(json.get("bValue").isNull()).isTrue();
        assertThat(json.get("largest").get("id").asString()).isEqualTo("a-1");
        assertThat(json.get("largest").get("magnitude").asDouble()).isEqualTo(4.4);
        assertThat(json.get("largest").get("time").asString()).isEqualTo("2016-04-16T12:00:00Z");
    }

    private boolean done() {
        return Summary.of(desk, tally).progress().done();
    }

    private void publishAndAssess(String id) {
        tally.count(DeskEvent.PUBLISHED);
        assess(id);
    }

    private void assess(String id) {
        StepVerifier.create(desk.assess(id, SomeQuakes.of(440)))
                .expectComplete()
                .verify(Duration.ofSeconds(30));
    }
}
