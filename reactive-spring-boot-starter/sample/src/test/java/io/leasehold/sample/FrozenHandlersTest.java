package io.leasehold.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.sample.assessment.Workload;
import io.leasehold.sample.quake.Quake;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Handlers freeze on purpose. A lease is touched only while its handler shows progress, so those that freeze lose
 * theirs: they are cancelled, their messages delivered again, and still each earthquake counts once.
 */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "quakedesk.replay.duration=0s",
            "leasehold.consumer.lease-time=500ms",
            "leasehold.consumer.touch=progress",
            "logging.level.io.leasehold.spring.boot.listener=off"
        })
@AutoConfigureWebTestClient(timeout = "30s")
@DirtiesContext
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class FrozenHandlersTest {

    @Autowired
    private WebTestClient client;

    @Autowired
    private Freezing freezing;

    @Test
    void loseTheirLeasesAndNoEarthquake() {
        TheWholeYear year = new TheWholeYear(client);

        TheWholeYear.assertSame(year.awaitDone());
        assertThat(freezing.frozen.get()).isGreaterThan(100);
        assertThat(freezing.cancelled.get()).isEqualTo(freezing.frozen.get());
        JsonNode summary = year.awaitAtLeast("lost", freezing.frozen.get());
        assertThat(summary.get("redelivered").asInt()).isGreaterThanOrEqualTo(freezing.frozen.get());
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Broken {

        @Bean
        @Primary
        Freezing freezing() {
            return new Freezing();
        }
    }

    /** Freezes for ever when it first sees one of some earthquakes; the second time it does not. */
    static final class Freezing implements Workload {

        private static final int ONE_IN = 100;

        final AtomicInteger frozen = new AtomicInteger();
        final AtomicInteger cancelled = new AtomicInteger();
        private final Set<Quake> seen = ConcurrentHashMap.newKeySet();

        @Override
        public Mono<Void> of(Quake quake) {
            return Mono.defer(() -> {
                boolean chosen = Math.floorMod(quake.hashCode(), ONE_IN) == 0;
                if (!chosen || !seen.add(quake)) {
                    return Mono.empty();
                }
                frozen.incrementAndGet();
                return Mono.<Void>never().doOnCancel(cancelled::incrementAndGet);
            });
        }
    }
}
