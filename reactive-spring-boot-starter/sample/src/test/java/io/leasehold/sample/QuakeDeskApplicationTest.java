package io.leasehold.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.sample.messaging.RecordingPublisher;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

/** The desk starts as a service. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "quakedesk.replay.enabled=false")
@AutoConfigureWebTestClient
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
        assertThat(properties.assessment().great()).hasSeconds(3);
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
                .jsonPath("$.done")
                .isEqualTo(true)
                .jsonPath("$.expected")
                .isEqualTo(0)
                .jsonPath("$.largest")
                .isEqualTo(null);
    }

    @Test
    void whatIsNotServedIsAProblemToo() {
        client.get()
                .uri("/api/nothing")
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON);
        client.post()
                .uri("/api/quakes")
                .contentType(MediaType.TEXT_PLAIN)
                .bodyValue("a quake")
                .exchange()
                .expectStatus()
                .isEqualTo(415)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON);
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Broker {

        @Bean
        RecordingPublisher broker() {
            return new RecordingPublisher();
        }
    }
}
