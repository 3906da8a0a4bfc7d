package io.leasehold.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.spring.boot.Contexts;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.test.StepVerifier;

/** The client lives as long as its context. */
class ClientLifecycleTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    void itStopsAfterTheWebServerHasStopped() {
        assertThat(ClientLifecycle.PHASE).isLessThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE);
    }

    @Test
    void aContextThatIsStoppedToBeStartedAgainKeepsIt() {
        Contexts.runner()
                .withPropertyValues("leasehold.embedded.allow-unkept=true")
                .run(context -> {
                    ConfigurableApplicationContext source =
                            context.getSourceApplicationContext(ConfigurableApplicationContext.class);
                    source.stop();
                    assertPublishes(source);

                    source.start();
                    source.pause();
                    assertPublishes(source);

                    source.restart();

                    assertPublishes(source);
                });
    }

    private static void assertPublishes(ConfigurableApplicationContext context) {
        StepVerifier.create(context.getBean(MessageClient.class).publish(Message.to("quakes.nc")))
                .expectNextCount(1)
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void whatIsPublishedWhileTheContextClosesIsConfirmedOrRefused() {
        Contexts.runner()
                .withPropertyValues("leasehold.embedded.allow-unkept=true")
                .run(context -> {
                    MessageClient client = context.getBean(MessageClient.class);
                    StepVerifier confirmed = StepVerifier.create(client.publish(Message.to("quakes.nc")))
                            .expectNextCount(1)
                            .expectComplete()
                            .verifyLater();

                    context.getSourceApplicationContext(ConfigurableApplicationContext.class)
                            .close();
                    confirmed.verify(LIMIT);

                    StepVerifier.create(client.publish(Message.to("quakes.nc")))
                            .expectErrorSatisfies(error ->
                                    assertThat(MessagingException.codeOf(error)).isEqualTo(ErrorCode.CLOSED))
                            .verify(LIMIT);
                });
    }
}
