package io.leasehold.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.message.Message;
import io.leasehold.spring.boot.listener.LeaseListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The service of the README is the one that runs here, on the embedded broker. */
class ReadmeExampleTest {
    private static final Pattern EXAMPLE = Pattern.compile("```java\n(record Order.*?)```", Pattern.DOTALL);
    private static final Path SOURCE =
            Path.of("src", "test", "java", "io", "leasehold", "spring", "boot", "ReadmeExampleTest.java");

    @EnableAutoConfiguration
    @RestController
    static class Orders {
        final MessageClient client;
        final Billing billing = new Billing();

        Orders(MessageClient client) {
            this.client = client;
        }

        record Order(String id, String product, int quantity) {}

        @PostMapping("/orders")
        Mono<String> accept(@RequestBody Order order) {
            Message message =
                    Message.to("orders.created").id(order.id() + "-created").body(order);
            return client.publish(message).map(receipt -> receipt.id().value());
        }

        @LeaseListener(topic = "orders.created", group = "billing", deadLetterTo = "dead.orders")
        Mono<Void> bill(Order order) {
            return billing.bill(order);
        }
    }

    /** What the orders are billed by. */
    static class Billing {
        private final Sinks.One<Orders.Order> billed = Sinks.one();

        Mono<Void> bill(Orders.Order order) {
            return Mono.fromRunnable(() -> billed.tryEmitValue(order));
        }
    }

    @Test
    void whatIsPostedIsBilled() {
        String[] settings = {"--server.port=0", "--leasehold.broker=embedded"};
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Orders.class).run(settings)) {
            int port = ((WebServerApplicationContext) context).getWebServer().getPort();
            WebTestClient web = WebTestClient.bindToServer()
                    .baseUrl("http://localhost:" + port)
                    .responseTimeout(Duration.ofSeconds(30))
                    .build();

            web.post()
                    .uri("/orders")
                    .contentType(MediaType.APPLICATION_JSON)
                    .bodyValue("{\"id\":\"7\",\"product\":\"lamp\",\"quantity\":2}")
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .expectBody(String.class)
                    .isEqualTo("7-created");

            Orders.Order billed =
                    context.getBean(Orders.class).billing.billed.asMono().block(Duration.ofSeconds(30));
            assertThat(billed).isEqualTo(new Orders.Order("7", "lamp", 2));
        }
    }

    @Test
    void theReadmeShowsWhatRunsHere() throws Exception {
        Matcher example = EXAMPLE.matcher(Files.readString(Path.of("..", "README.md")));

        assertThat(example.find()).isTrue();
        assertThat(withoutBlanks(Files.readString(SOURCE))).contains(withoutBlanks(example.group(1)));
    }

    private static String withoutBlanks(String text) {
        return text.replaceAll("//[^\n]*", "").replaceAll("\\s", "");
    }
}
