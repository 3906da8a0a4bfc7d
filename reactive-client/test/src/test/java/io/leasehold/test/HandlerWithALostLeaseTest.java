package io.leasehold.test;

import static io.leasehold.consume.Outcome.Kind.ACKED;
import static io.leasehold.consume.Outcome.Kind.LOST;
import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.consume.Delivery;
import io.leasehold.consume.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The example of the guide: a listener as users write it, and what becomes of its work when it loses the lease. */
class HandlerWithALostLeaseTest {

    @Test
    void aListenerThatFreezesIsCancelledAndTheOrderIsBilledOnce() {
        try (LeaseScenario scenario = LeaseScenario.create()) {
            scenario.member("one", client -> bills(client, scenario));
            scenario.publish("orders.created", "42", "order 42");
            scenario.freeze("one").expire();
            scenario.member("two", client -> bills(client, scenario)).redeliver("two");
            scenario.pass(Duration.ofSeconds(2)).thaw("one");
            scenario.assertOutcomes("one", LOST).assertOutcomes("two", ACKED).assertEffects("billed order 42");
        }
    }

    @Test
    void theReadmeShowsTheSameTest() throws IOException {
        String readme = Files.readString(Path.of("..", "..", "README.md"));
        String source = Files.readString(
                Path.of("src", "test", "java", "io", "leasehold", "test", "HandlerWithALostLeaseTest.java"));
        int begin = readme.indexOf("try (LeaseScenario");
        String shown = readme.substring(begin, readme.indexOf("```", begin));

        assertThat(source.lines().map(String::strip))
                .containsSubsequence(shown.lines().map(String::strip).toList());
    }

    // The code under test.
    private static Flux<Outcome> bills(MessageClient client, LeaseScenario scenario) {
        return client.consumer("orders.>", "billing", String.class).handle(delivery -> bill(delivery, scenario));
    }

    private static Mono<Void> bill(Delivery<String> delivery, LeaseScenario scenario) {
        return Mono.delay(Duration.ofSeconds(1))
                .then(Mono.fromRunnable(() -> scenario.effect(delivery, "billed " + delivery.body())));
    }
}
