package io.leasehold.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.ArgumentMatchers.isNull;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;

import io.leasehold.MessageClient;
import io.leasehold.broker.Broker;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.Recorder;
import io.leasehold.message.Codec;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.pace.StageAnswer;
import io.leasehold.publish.PublishOutcome;
import io.leasehold.publish.PublishStage;
import io.leasehold.publish.PublishView;
import io.leasehold.spring.boot.Contexts;
import io.leasehold.spring.boot.listener.LeaseListenerRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.util.retry.Retry;
import tools.jackson.databind.json.JsonMapper;

/** What is configured, and what steps back for what. */
class LeaseholdAutoConfigurationTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final ApplicationContextRunner runner = Contexts.runner();

    @Test
    void noConfigurationGivesAClientOfTheEmbeddedBroker() {
        runner.run(context -> {
            assertThat(context).hasSingleBean(MessageClient.class).hasSingleBean(LeaseListenerRegistry.class);
            assertThat(context).getBean(Broker.class).isInstanceOf(EmbeddedBroker.class);

            MessageClient client = context.getBean(MessageClient.class);

            assertThat(client.name()).matches("client-[0-9a-f]{8}");
            assertConsumesWhatItPublishes(client);
        });
    }

    private static void assertConsumesWhatItPublishes(MessageClient client) {
        assertConsumes(client, client.publisher().publish(Message.to("quakes.nc"), new Quake("nc", 4.4)));
    }

    private static void assertConsumes(MessageClient client, Mono<PublishReceipt> publish) {
        StepVerifier.create(client.consumer("quakes.>", "assessors", Quake.class)
                        .deliveries()
                        .doOnSubscribe(subscribed -> onceConsumed(publish).subscribe())
                        .concatMap(delivery -> delivery.lease().ack().thenReturn(delivery.body()))
                        .take(1))
                .expectNext(new Quake("nc", 4.4))
                .expectComplete()
                .verify(LIMIT);
    }

    /** Until its group is there, a message is refused. */
    private static Mono<PublishReceipt> onceConsumed(Mono<PublishReceipt> publish) {
        return publish.retryWhen(Retry.fixedDelay(Long.MAX_VALUE, Duration.ofMillis(5)));
    }

    @Test
    void switchedOffThereIsNothing() {
        runner.withPropertyValues("leasehold.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(MessageClient.class)
                        .doesNotHaveBean(Broker.class)
                        .doesNotHaveBean(Codecs.class)
                        .doesNotHaveBean(LeaseListenerRegistry.class)
                        .doesNotHaveBean(LeaseholdProperties.class));
    }

    @Test
    void theNameIsThatOfTheApplicationAndARandomNumber() {
        runner.withPropertyValues("spring.application.name=quake-desk")
                .run(context -> assertThat(nameIn(context)).matches("quake-desk-[0-9a-f]{8}"));
        runner.withPropertyValues("spring.application.name=" + "x".repeat(200))
                .run(context -> assertThat(nameIn(context)).hasSizeLessThan(128));
        runner.withPropertyValues("spring.application.name=quake-desk", "leasehold.name=desk-7")
                .run(context -> assertThat(nameIn(context)).isEqualTo("desk-7"));
    }

    private static String nameIn(AssertableApplicationContext context) {
        return context.getBean(MessageClient.class).name();
    }

    @Test
    void aBrokerOfTheApplicationIsUsed() {
        EmbeddedBroker own = EmbeddedBroker.create();
        runner.withBean("own", Broker.class, () -> own).run(context -> {
            assertThat(context).getBean(Broker.class).isSameAs(own);
            assertThat(context).doesNotHaveBean("leaseholdBroker");
            assertConsumesWhatItPublishes(context.getBean(MessageClient.class));
            assertThat(own.stats().groups()).hasSize(1);
        });
    }

    @Test
    void aClientOfTheApplicationIsUsed() {
        MessageClient own = MessageClient.builder().name("own").build();
        runner.withBean(MessageClient.class, () -> own).run(context -> {
            assertThat(context).getBean(MessageClient.class).isSameAs(own);
            assertThat(context).hasSingleBean(LeaseListenerRegistry.class);
        });

        assertIsClosed(own);
    }

    private static void assertIsClosed(MessageClient client) {
        StepVerifier.create(client.publish(Message.to("quakes.nc")))
                .expectErrorSatisfies(
                        error -> assertThat(MessagingException.codeOf(error)).isEqualTo(ErrorCode.CLOSED))
                .verify(LIMIT);
    }

    @Test
    void aRegistryOfTheApplicationDoesAllOfIt() {
        runner.withBean(LeaseListenerRegistry.class, () -> mock(LeaseListenerRegistry.class))
                .run(context -> assertThat(context)
                        .hasSingleBean(LeaseListenerRegistry.class)
                        .doesNotHaveBean("leaseListenerDetector")
                        .doesNotHaveBean("leaseListenerLifecycle"));
    }

    @Test
    void withoutJacksonThereIsNoJson() {
        runner.withClassLoader(new FilteredClassLoader(JsonMapper.class)).run(context -> {
            assertThat(context).hasNotFailed().doesNotHaveBean(JacksonCodecs.class);
            assertThat(context).hasSingleBean(MessageClient.class);
        });
    }

    @Test
    void codecsOfTheApplicationAreAskedBeforeJson() {
        runner.withUserConfiguration(OwnCodecs.class).run(context -> {
            MessageClient client = context.getBean(MessageClient.class);

            assertThat(context).hasSingleBean(JacksonCodecs.class);
            assertConsumes(client, client.publish(Message.to("quakes.nc").body("nc 4.4")));
        });
    }

    @Test
    void jacksonCodecsOfTheApplicationReplaceOurs() {
        JacksonCodecs own = new JacksonCodecs(JsonMapper.builder().build());
        runner.withBean(JacksonCodecs.class, () -> own)
                .run(context -> assertThat(context).getBean(JacksonCodecs.class).isSameAs(own));
    }

    @Test
    void customizersAreCalledInTheirOrderAndHaveTheLastWord() {
        runner.withUserConfiguration(OwnCustomizers.class)
                .withPropertyValues("leasehold.name=from-a-property")
                .run(context -> {
                    assertThat(nameIn(context)).isEqualTo("from-the-second");
                    assertThat(context.getBean(OwnCustomizers.class).called).containsExactly("first", "second");
                });
    }

    @Test
    void allRecordersAreTold() {
        Recorder one = mock(Recorder.class);
        Recorder other = mock(Recorder.class);
        runner.withBean("one", Recorder.class, () -> one)
                .withBean("other", Recorder.class, () -> other)
                .run(context -> {
                    assertConsumesWhatItPublishes(context.getBean(MessageClient.class));
                    verify(one, timeout(20_000)).published(eq("quakes.nc"), isNull(), anyLong());
                    verify(other, timeout(20_000)).published(eq("quakes.nc"), isNull(), anyLong());
                    verify(one, timeout(20_000)).opened(any());
                });
    }

    @Test
    void stagesOfTheApplicationArePassed() {
        runner.withBean(PublishStage.class, Refusing::new)
                .run(context -> StepVerifier.create(
                                context.getBean(MessageClient.class).publish(Message.to("quakes.nc")))
                        .expectErrorSatisfies(error ->
                                assertThat(MessagingException.codeOf(error)).isEqualTo(ErrorCode.RATE_LIMITED))
                        .verify(LIMIT));
    }

    @Test
    void closingTheContextClosesTheClient() {
        List<MessageClient> clients = new ArrayList<>();
        runner.run(context -> clients.add(context.getBean(MessageClient.class)));

        assertIsClosed(clients.get(0));
    }

    @Test
    void aContextThatNeverStartedClosesTheClientToo() {
        List<MessageClient> clients = new ArrayList<>();
        runner.withInitializer(context -> context.addBeanFactoryPostProcessor(beans ->
                        beans.addBeanPostProcessor(new BeanPostProcessor() {
                            @Override
                            public Object postProcessAfterInitialization(Object bean, String name) {
                                if (bean instanceof MessageClient client) {
                                    clients.add(client);
                                }
                                if (bean instanceof LeaseListenerRegistry) {
                                    throw new IllegalStateException("planted");
                                }
                                return bean;
                            }
                        })))
                .run(context -> assertThat(context).hasFailed());

        assertIsClosed(clients.get(0));
    }

    /** What the messages are about. */
    record Quake(String source, double magnitude) {}

    @Configuration(proxyBeanMethods = false)
    static class OwnCodecs {
        @Bean
        Codecs words() {
            return Codecs.of(Quake.class, new Codec<>() {
                @Override
                public byte[] encode(Quake quake) {
                    return (quake.source() + " " + quake.magnitude()).getBytes(StandardCharsets.UTF_8);
                }

                @Override
                public Quake decode(Message message) {
                    String[] words = message.text().split(" ");
                    return new Quake(words[0], Double.parseDouble(words[1]));
                }
            });
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnCustomizers {
        final List<String> called = new ArrayList<>();

        @Bean
        @Order(2)
        MessageClientBuilderCustomizer second() {
            return builder -> {
                called.add("second");
                builder.name("from-the-second");
            };
        }

        @Bean
        @Order(1)
        MessageClientBuilderCustomizer first() {
            return builder -> {
                called.add("first");
                builder.name("from-the-first");
            };
        }
    }

    /** Lets nothing pass. */
    static final class Refusing implements PublishStage {
        @Override
        public StageAnswer enter(PublishView view, long now) {
            return StageAnswer.refuse(ErrorCode.RATE_LIMITED);
        }

        @Override
        public void exit(PublishView view, PublishOutcome outcome, long now) {}
    }
}
