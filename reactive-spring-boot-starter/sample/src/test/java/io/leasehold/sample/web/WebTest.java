package io.leasehold.sample.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.sample.SomeQuakes;
import io.leasehold.sample.assessment.QuakeAssessor;
import io.leasehold.sample.desk.Desk;
import io.leasehold.sample.desk.DeskEvent;
import io.leasehold.sample.desk.Ledger;
import io.leasehold.sample.desk.Tally;
import io.leasehold.sample.messaging.BrokerPublisher;
import io.leasehold.sample.messaging.QuakeMessage;
import io.leasehold.sample.messaging.RecordingPublisher;
import io.leasehold.sample.quake.Quake;
import io.leasehold.sample.quake.QuakeJson;
import io.leasehold.sample.quake.Report;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What callers of the HTTP side see. */
class WebTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Desk desk = new Desk(new QuakeAssessor(quake -> Mono.empty()), new Ledger(2));
    private final Tally tally = new Tally(false);
    private final RecordingPublisher broker = new RecordingPublisher();
    private final WebTestClient client = WebTestClient.bindToController(
                    new SummaryController(desk, tally), new QuakeController(desk, tally, broker))
            .controllerAdvice(new Problems())
            .configureClient()
            .responseTimeout(LIMIT)
            .build();

    @Test
    void theSummaryIsOneFlatObject() {
        assess("a-1", SomeQuakes.of(780));

        client.get()
                .uri("/api/summary")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.assessed")
                .isEqualTo(1)
                .jsonPath("$.distinct")
                .isEqualTo(1)
                .jsonPath("$.done")
                .isEqualTo(true)
                .jsonPath("$.totalEnergyJoule")
                .isEqualTo(SomeQuakes.assessed("a-1", SomeQuakes.of(780))
                        .assessment()
                        .energyJoule())
                .jsonPath("$.bValue")
                .isEqualTo(null)
                .jsonPath("$.largest.id")
                .isEqualTo("a-1");
    }

    @Test
    void networksAreListedByTheirNumberOfEarthquakes() {
        assess("a-1", SomeQuakes.of(440, "NC"));

        client.get()
                .uri("/api/networks")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.length()")
                .isEqualTo(1)
                .jsonPath("$[0].network")
                .isEqualTo("NC")
                .jsonPath("$[0].assessed")
                .isEqualTo(1);
    }

    @Test
    void anEarthquakeThatIsSentInIsPublished() {
        Quake quake = SomeQuakes.of(440, new Report("NC", "72573650"));

        post(QuakeJson.write(quake))
                .expectStatus()
                .isAccepted()
                .expectHeader()
                .location("/api/quakes/72573650")
                .expectBody()
                .jsonPath("$.id")
                .isEqualTo("72573650")
                .jsonPath("$.duplicate")
                .isEqualTo(false);

        assertThat(broker.messages()).containsExactly(QuakeMessage.posted(quake));
        assertThat(tally.of(DeskEvent.PUBLISHED)).isEqualTo(1);
    }

    @Test
    void anEarthquakeThatIsSentInTwiceIsPublishedOnce() {
        String body = QuakeJson.write(SomeQuakes.of(440, new Report("NC", "72573650")));

        post(body).expectStatus().isAccepted();
        post(body)
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.duplicate")
                .isEqualTo(true);

        assertThat(broker.messages()).hasSize(1);
        assertThat(tally.of(DeskEvent.PUBLISHED)).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "magnitude | `\"magnitude\":4.40` | `\"magnitude\":\"large\"`",
                "magnitude | `\"magnitude\":4.40` | `\"magnitude\":40`",
                "latitude  | `\"latitude\":0.3517` | `\"latitude\":91`",
                "time      | `2016-04-16T12:00:00Z` | `noon`",
                "source    | `\"source\":\"us\"` | `\"source\":\"\"`",
                "colour    | `\"source\":\"us\"` | `\"source\":\"us\",\"colour\":\"red\"`",
                "body      | `{` | `{{`"
            })
    void badInputIsAnsweredWithTheFieldAndWhatToDo(String field, String good, String bad) {
        String body = QuakeJson.write(SomeQuakes.of(440));
        assertThat(body).contains(good);

        post(body.replace(good, bad))
                .expectStatus()
                .isBadRequest()
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody()
                .jsonPath("$.status")
                .isEqualTo(400)
                .jsonPath("$.title")
                .isEqualTo("Not an earthquake")
                .jsonPath("$.detail")
                .value(String.class, detail -> assertThat(detail).startsWith(field + ": "))
                .jsonPath("$.errors[0].field")
                .isEqualTo(field)
                .jsonPath("$.errors[0].remedy")
                .isNotEmpty();

        assertThat(broker.messages()).isEmpty();
    }

    @Test
    void nothingAtAllIsBadInput() {
        client.post()
                .uri("/api/quakes")
                .contentType(MediaType.APPLICATION_JSON)
                .exchange()
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.errors[0].field")
                .isEqualTo("body");
    }

    @Test
    void anAssessedEarthquakeIsFoundByItsId() {
        assess("72573650-118", SomeQuakes.of(780));

        client.get()
                .uri("/api/quakes/72573650-118")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.quake.magnitude")
                .isEqualTo(7.8)
                .jsonPath("$.assessment.feltRadiusKm")
                .isNumber();
    }

    @Test
    void anUnknownIdIsNotFound() {
        client.get()
                .uri("/api/quakes/none")
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectBody()
                .consumeWith(answer -> assertThat(answer.getResponseHeaders().getContentType())
                        .isEqualTo(MediaType.APPLICATION_PROBLEM_JSON))
                .jsonPath("$.detail")
                .value(String.class, detail -> assertThat(detail).contains("none"));
    }

    @Test
    void aFullDeskTakesNoMoreButKnowsWhatItHas() {
        assess("a1", SomeQuakes.of(440));
        assess("a2", SomeQuakes.of(440));

        post(QuakeJson.write(SomeQuakes.of(440, new Report("us", "a3"))))
                .expectStatus()
                .isEqualTo(503)
                .expectBody()
                .jsonPath("$.detail")
                .value(String.class, detail -> assertThat(detail).contains("quakedesk.ledger-capacity"));
        post(QuakeJson.write(SomeQuakes.of(440, new Report("us", "a2"))))
                .expectStatus()
                .isAccepted();
    }

    @Test
    void whatTheBrokerDoesNotConfirmIsAProblem() {
        MessageClient closed = MessageClient.builder().build();
        StepVerifier.create(closed.close()).expectComplete().verify(Duration.ofSeconds(30));

        WebTestClient.bindToController(new QuakeController(desk, tally, new BrokerPublisher(closed)))
                .controllerAdvice(new Problems())
                .configureClient()
                .responseTimeout(LIMIT)
                .build()
                .post()
                .uri("/api/quakes")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(QuakeJson.write(SomeQuakes.of(440)))
                .exchange()
                .expectStatus()
                .isEqualTo(503)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("LH-600")
                .jsonPath("$.unknown")
                .isEqualTo(false);
        assertThat(tally.of(DeskEvent.PUBLISHED)).isZero();
    }

    private ResponseSpec post(String body) {
        return client.post()
                .uri("/api/quakes")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body)
                .exchange();
    }

    private void assess(String id, Quake quake) {
        StepVerifier.create(desk.assess(id, quake)).expectComplete().verify(Duration.ofSeconds(30));
    }
}
