package io.leasehold.spring.boot.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.consume.Outcome;
import io.leasehold.message.Message;
import io.leasehold.spring.boot.Contexts;
import io.leasehold.spring.boot.listener.ListenerStatus.Phase;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Listeners live between the start of the web server and the beginning of its end. */
@ExtendWith(OutputCaptureExtension.class)
class ListenerLifecycleTest {
    private final Probe probe = new Probe();
    private final Desk desk = new Desk();
    private final ApplicationContextRunner runner = Contexts.runner()
            .withBean(Probe.class, () -> probe)
            .withBean(Desk.class, () -> desk)
            .withPropertyValues("leasehold.consumer.drain-timeout=10s");

    @Test
    void theyStopBeforeTheWebServerBeginsTo() {
        assertThat(ListenerLifecycle.PHASE).isGreaterThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE);
    }

    @Test
    void closingTheContextLetsRunsFinish() {
        runner.run(context -> {
            Probe.publish(context, Message.to("quakes.nc").body("a"));
            desk.awaitSeen(1);
            CompletableFuture<Void> closed = CompletableFuture.runAsync(
                    context.getSourceApplicationContext(ConfigurableApplicationContext.class)::close);
            LeaseListenerRegistry registry = context.getBean(LeaseListenerRegistry.class);
            Awaitility.await()
                    .atMost(Probe.LIMIT)
                    .until(() -> registry.status("assessors").phase() == Phase.STOPPING);
            assertThat(closed).isNotDone();

            desk.released.tryEmitEmpty();
            closed.get(30, TimeUnit.SECONDS);

            assertThat(probe.await(1)).extracting(Outcome::kind).containsExactly(Outcome.Kind.ACKED);
            assertThat(registry.status("assessors").phase()).isEqualTo(Phase.STOPPED);
        });
    }

    @Test
    void theCallbackOfAStopComesOnceAndNobodyWaitsForIt() {
        runner.run(context -> {
            Probe.publish(context, Message.to("quakes.nc").body("a"));
            desk.awaitSeen(1);
            ListenerLifecycle lifecycle = context.getBean(ListenerLifecycle.class);
            List<String> called = new CopyOnWriteArrayList<>();
            lifecycle.stop(() -> called.add("stopped"));
            assertThat(called).isEmpty();
            assertThat(lifecycle.isRunning()).isFalse();

            desk.released.tryEmitEmpty();

            Awaitility.await().atMost(Probe.LIMIT).until(() -> !called.isEmpty());
            assertThat(called).containsExactly("stopped");
        });
    }

    @Test
    void aContextThatPausesStopsThemAndARestartStartsThem() {
        desk.released.tryEmitEmpty();
        runner.run(context -> {
            ConfigurableApplicationContext source =
                    context.getSourceApplicationContext(ConfigurableApplicationContext.class);
            LeaseListenerRegistry registry = context.getBean(LeaseListenerRegistry.class);
            source.pause();
            assertThat(registry.status("assessors").phase()).isEqualTo(Phase.STOPPED);

            Probe.publish(context, Message.to("quakes.nc").body("a"));
            source.restart();

            assertThat(registry.status("assessors").phase()).isEqualTo(Phase.RUNNING);
            assertThat(probe.await(1)).extracting(Outcome::kind).containsExactly(Outcome.Kind.ACKED);
        });
    }

    @Test
    void whoTakesLongerThanSpringWaitsIsWarned(CapturedOutput output) {
        runner.withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=9s")
                .run(context -> assertThat(output)
                        .contains("Listener assessors may take PT10S to stop")
                        .contains("spring.lifecycle.timeout-per-shutdown-phase is PT9S"));
    }

    /** Works until it is released. */
    static final class Desk {
        final List<String> seen = new CopyOnWriteArrayList<>();
        final Sinks.Empty<Void> released = Sinks.empty();

        void awaitSeen(int count) {
            Awaitility.await().atMost(Probe.LIMIT).until(() -> seen.size() >= count);
        }

        @LeaseListener(topic = "quakes.>", group = "assessors")
        Mono<Void> on(String body) {
            seen.add(body);
            return released.asMono();
        }
    }
}
