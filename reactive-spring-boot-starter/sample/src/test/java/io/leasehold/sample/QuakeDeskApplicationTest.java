package io.leasehold.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.sample.quake.QuakeJson;
import io.leasehold.sample.quake.Report;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/** The desk starts as a service. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "quakedesk.replay.enabled=false")
@AutoConfigureWebTestClient(timeout = "30s")
class QuakeDeskApplicationTest {

    @Autowired
    private WebTestClient client;

    @Autowired
    private QuakeDeskProperties properties;

    @Test
    void thePageIsAtTheRoot() {
        client.get()
                .uri("/")
                .accept(MediaType.TEXT_HTML)
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .contentTypeCompatibleWith(MediaType.TEXT_HTML)
                .expectBody(String.class)
                .value(page -> assertThat(page).contains("The quake desk", "doi:10.7932/NCEDC"));
    }

    @Test
    void theSettingsAreThoseOfTheFileAndTheDefaults() {
        assertThat(properties.replay().enabled()).isFalse();
        assertThat(properties.replay().duration()).hasMinutes(1);
        assertThat(properties.replay().catalogue().exists()).isTrue();
        assertThat(properties.assessment().great()).hasSeconds(4);
        assertThat(properties.assessment().strong()).hasMillis(100);
        assertThat(properties.ledgerCapacity()).isEqualTo(100_000);
    }

    @Test
    void withoutAReplayThereIsNothingToDo() {
        client.get()
                .uri("/api/summary")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.expected")
                .isEqualTo(0);
    }

    @Test
    void whatIsNotServedIsAProblemToo() {
        client.get()
                .uri("/api/nothing")
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody()
                .jsonPath("$.status")
                .isEqualTo(404);
        client.post()
                .uri("/api/quakes")
                .contentType(MediaType.TEXT_PLAIN)
                .bodyValue("a quake")
                .exchange()
                .expectStatus()
                .isEqualTo(415)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody()
                .jsonPath("$.status")
                .isEqualTo(415);
    }

    @Test
    void anEarthquakeThatIsSentInIsAssessed() {
        String body = QuakeJson.write(SomeQuakes.of(440, new Report("NC", "72573650")));
        post(body)
                .expectStatus()
                .isAccepted()
                .expectHeader()
                .location("/api/quakes/72573650")
                .expectBody()
                .jsonPath("$.duplicate")
                .isEqualTo(false);
        post(body)
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.duplicate")
                .isEqualTo(true);

        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> client.get()
                        .uri("/api/quakes/72573650")
                        .exchange()
                        .expectStatus()
                        .isOk()
                        .expectBody()
                        .jsonPath("$.quake.magnitude")
                        .isEqualTo(4.4)
                        .jsonPath("$.assessment.energyJoule")
                        .isNumber());
    }

    @Test
    void theMetersOfTheDeskAreAtTheActuator() {
        post(QuakeJson.write(SomeQuakes.of(440, new Report("NC", "72573651"))))
                .expectStatus()
                .isAccepted();
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> client.get()
                        .uri("/actuator/metrics/leasehold.settled?tag=group:assessors&tag=outcome:ack")
                        .exchange()
                        .expectStatus()
                        .isOk()
                        .expectBody()
                        .jsonPath("$.measurements[0].value")
                        .value(Double.class, settled -> assertThat(settled).isPositive()));

        client.get()
                .uri("/actuator/metrics")
                .exchange()
                .expectBody(String.class)
                .value(names -> assertThat(names)
                        .contains(
                                "\"leasehold.oldest.age\"",
                                "\"leasehold.inflight\"",
                                "\"messaging.process.duration\""));
    }

    @Test
    void badInputIsAnsweredWithAProblemThatNamesTheField() {
        post(QuakeJson.write(SomeQuakes.of(440)).replace("\"magnitude\":4.40", "\"magnitude\":\"large\""))
                .expectStatus()
                .isBadRequest()
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody()
                .jsonPath("$.errors[0].field")
                .isEqualTo("magnitude");
    }

    private ResponseSpec post(String body) {
        return client.post()
                .uri("/api/quakes")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body)
                .exchange();
    }
}
