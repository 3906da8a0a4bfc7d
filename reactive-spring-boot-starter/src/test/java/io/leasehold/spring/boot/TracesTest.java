package io.leasehold.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.consume.Delivery;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.spring.boot.listener.LeaseListener;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** A trace goes on from a request over the headers of a message into the listener, and from there to what it sends. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"management.tracing.sampling.probability=1.0", "spring.application.name=quake-desk"})
@AutoConfigureWebTestClient(timeout = "30s")
class TracesTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";

    @Autowired
    private WebTestClient web;

    @Autowired
    private Spans spans;

    @Autowired
    private Desk desk;

    @Test
    void oneTraceFromTheRequestToTheEnd() {
        web.post()
                .uri("/quakes")
                .header("traceparent", "00-" + TRACE + "-" + CALLER + "-01")
                .exchange()
                .expectStatus()
                .isOk();
        SpanData request = spans.await("the request", span -> span.getKind() == SpanKind.SERVER);
        SpanData send = spans.await("the publish", named("send quakes.nc"));
        SpanData process = spans.await("the run", named("process quakes.>"));
        SpanData derived = spans.await("the publish of the listener", named("send alarms.nc"));
        SpanData alarm = spans.await("the run of the other listener", named("process alarms.>"));

        assertThat(List.of(request, send, process, derived, alarm))
                .extracting(SpanData::getTraceId)
                .containsOnly(TRACE);
        assertThat(request.getParentSpanId()).isEqualTo(CALLER);
        assertThat(send.getParentSpanId()).isEqualTo(request.getSpanId());
        assertThat(process.getParentSpanId()).isEqualTo(send.getSpanId());
        assertThat(derived.getParentSpanId()).isEqualTo(process.getSpanId());
        assertThat(alarm.getParentSpanId()).isEqualTo(derived.getSpanId());
        assertThat(List.of(send, process))
                .extracting(SpanData::getKind)
                .containsExactly(SpanKind.PRODUCER, SpanKind.CONSUMER);
        assertThat(desk.seen)
                .as("what the blocking listener sees on its thread, and its logs")
                .containsExactly(
                        TRACE + " " + alarm.getSpanId() + " of the tracer",
                        TRACE + " " + alarm.getSpanId() + " of the log");
    }

    private static Predicate<SpanData> named(String name) {
        return span -> span.getName().equals(name);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Bean
        Spans spans() {
            return new Spans();
        }

        @Bean
        Desk desk(MessageClient client, Tracer tracer) {
            return new Desk(client, tracer);
        }
    }

    /** Publishes what is sent in, listens to it, and publishes more. */
    @RestController
    static class Desk {
        final List<String> seen = new CopyOnWriteArrayList<>();
        private final MessageClient client;
        private final Tracer tracer;

        Desk(MessageClient client, Tracer tracer) {
            this.client = client;
            this.tracer = tracer;
        }

        @PostMapping("/quakes")
        Mono<String> post() {
            return client.publish(Message.to("quakes.nc").body("7.1"))
                    .map(receipt -> receipt.id().value());
        }

        @LeaseListener(topic = "quakes.>", group = "assessors")
        Mono<PublishReceipt> assess(Delivery<String> quake) {
            return quake.publish(Message.to("alarms.nc").body(quake.body()));
        }

        @LeaseListener(topic = "alarms.>", group = "sirens")
        void sound(String alarm) {
            var present = Objects.requireNonNull(tracer.currentSpan()).context();
            seen.add(present.traceId() + " " + present.spanId() + " of the tracer");
            seen.add(MDC.get("traceId") + " " + MDC.get("spanId") + " of the log");
        }
    }

    /** The spans that have ended. */
    static final class Spans implements SpanProcessor {
        private final List<SpanData> ended = new CopyOnWriteArrayList<>();

        SpanData await(String what, Predicate<SpanData> wanted) {
            Awaitility.await(what)
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> ended.stream().anyMatch(wanted));
            return ended.stream().filter(wanted).findFirst().orElseThrow();
        }

        @Override
        public void onEnd(ReadableSpan span) {
            ended.add(span.toSpanData());
        }

        @Override
        public boolean isEndRequired() {
            return true;
        }

        @Override
        public void onStart(Context parent, ReadWriteSpan span) {}

        @Override
        public boolean isStartRequired() {
            return false;
        }
    }
}
