package io.leasehold.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;

/** The year as fast as it goes, over the embedded broker; the great earthquakes live on touches. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "quakedesk.replay.duration=0s")
@AutoConfigureWebTestClient(timeout = "30s")
@DirtiesContext
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class YearOverTheBrokerTest {

    @Autowired
    private WebTestClient client;

    @Test
    void givesWhatTheFileGives() {
        JsonNode summary = new TheWholeYear(client).awaitDone();

        TheWholeYear.assertSame(summary);
        client.get()
                .uri("/api/networks")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.length()")
                .isEqualTo(StraightFromTheFile.year2016().byNetwork().size())
                .jsonPath("$[0].assessed")
                .value(Integer.class, most -> assertThat(most).isGreaterThan(1000));
    }
}
