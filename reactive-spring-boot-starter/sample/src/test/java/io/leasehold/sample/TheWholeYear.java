package io.leasehold.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;

/** The year 2016 as the desk has assessed it, against the file itself. */
public final class TheWholeYear {

    private static final Duration LIMIT = Duration.ofSeconds(110);
    private static final Duration POLL = Duration.ofMillis(250);

    private final WebTestClient client;

    /** Asks a desk. */
    public TheWholeYear(WebTestClient client) {
        this.client = client;
    }

    /** Waits until the desk is done, and returns its summary. */
    public JsonNode awaitDone() {
        Awaitility.await()
                .atMost(LIMIT)
                .pollInterval(POLL)
                .until(() -> summary().get("done").asBoolean());
        return summary();
    }

    /** Waits until a number of the summary is as large as that, and returns the summary: some are told late. */
    public JsonNode awaitAtLeast(String number, int least) {
        Awaitility.await()
                .atMost(LIMIT)
                .pollInterval(POLL)
                .until(() -> summary().get(number).asInt() >= least);
        return summary();
    }

    private JsonNode summary() {
        return client.get()
                .uri("/api/summary")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody();
    }

    /** Every record counts once, and all statistics are those of the file. */
    public static void assertSame(JsonNode summary) {
        StraightFromTheFile file = StraightFromTheFile.year2016();
        assertThat(summary.get("expected").asLong()).isEqualTo(38_094);
        assertThat(summary.get("published").asLong()).isEqualTo(38_094);
        assertThat(summary.get("assessed").asLong()).isEqualTo(38_094);
        assertThat(summary.get("distinct").asLong()).isEqualTo(38_094);
        assertThat(summary.get("deadLettered").asLong()).isZero();
        assertThat(summary.get("rejected").asLong()).isZero();
        assertThat(summary.get("totalEnergyJoule").asDouble()).isCloseTo(file.energyJoule(), withinPercentage(1e-8));
        assertThat(summary.get("bValue").asDouble()).isCloseTo(file.bValue("5.0"), withinPercentage(1e-8));
        assertThat(summary.get("largest").get("magnitude").asDouble())
                .isEqualTo(Double.parseDouble(file.largestMagnitude()));
        assertThat(summary.get("largest").get("time").asString()).isEqualTo("2016-03-02T12:49:48.110Z");
    }
}
