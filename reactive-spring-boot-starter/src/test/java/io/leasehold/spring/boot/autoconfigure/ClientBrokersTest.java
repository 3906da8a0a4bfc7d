package io.leasehold.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.MessageClientBuilder;
import io.leasehold.broker.Broker;
import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.SessionContext;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.nats.NatsBroker;
import io.leasehold.nats.NatsSettings;
import io.leasehold.spring.boot.Contexts;
import io.leasehold.spring.boot.listener.LeaseListener;
import io.leasehold.spring.boot.listener.LeaseListenerRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import reactor.core.publisher.Mono;

/** Each client has one broker: the one that is named, or the only one whose address is given, or an embedded one. */
class ClientBrokersTest {
    // Nobody listens there.
    private static final String SERVER = "nats://127.0.0.1:1";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final StartReport report = new StartReport();
    private final ApplicationContextRunner runner =
            report.on(Contexts.runner().withConfiguration(AutoConfigurations.of(AcmeAutoConfiguration.class)));

    private static Broker brokerOf(String client, AssertableApplicationContext context) {
        return client.isEmpty()
                ? context.getBean(Broker.class)
                : context.getBean(client + "LeaseholdBroker", Broker.class);
    }

    private static MessageClient client(String name, AssertableApplicationContext context) {
        return BeanFactoryAnnotationUtils.qualifiedBeanOfType(
                context.getSourceApplicationContext().getAutowireCapableBeanFactory(), MessageClient.class, name);
    }

    @ParameterizedTest
    @CsvSource({"'', leasehold.", "archive, leasehold.clients.archive."})
    void theOnlyBrokerWhoseAddressIsGivenIsUsed(String client, String prefix) {
        runner.withPropertyValues(prefix + "nats.servers=" + SERVER)
                .run(context -> assertThat(brokerOf(client, context)).isInstanceOf(NatsBroker.class));
        runner.withPropertyValues(prefix + "acme.url=acme://here")
                .run(context -> assertThat(brokerOf(client, context)).isInstanceOf(AcmeBroker.class));
        runner.withPropertyValues(prefix + "embedded.capacity-messages=7", prefix + "nats.connections=2")
                .run(context -> assertThat(brokerOf(client, context)).isInstanceOf(EmbeddedBroker.class));
    }

    @ParameterizedTest
    @CsvSource({"'', leasehold.", "archive, leasehold.clients.archive."})
    void theBrokerThatIsNamedIsUsed(String client, String prefix) {
        ApplicationContextRunner both =
                runner.withPropertyValues(prefix + "nats.servers=" + SERVER, prefix + "acme.url=acme://here");

        both.withPropertyValues(prefix + "broker=acme")
                .run(context -> assertThat(brokerOf(client, context)).isInstanceOf(AcmeBroker.class));
        both.withPropertyValues(prefix + "broker=NATS")
                .run(context -> assertThat(brokerOf(client, context)).isInstanceOf(NatsBroker.class));
        both.withPropertyValues(prefix + "broker=embedded")
                .run(context -> assertThat(brokerOf(client, context)).isInstanceOf(EmbeddedBroker.class));
    }

    @ParameterizedTest
    @CsvSource({"leasehold.", "leasehold.clients.archive."})
    void twoAddressesWithoutANameStopTheStart(String prefix) {
        runner.withPropertyValues(prefix + "nats.servers=" + SERVER, prefix + "acme.url=acme://here")
                .run(context -> {
                    MessagingException refused = StartReport.refusalOf(context);

                    assertThat(refused.code()).isEqualTo(ErrorCode.BAD_SETTING);
                    assertThat(refused.subject()).isEqualTo(prefix + "broker");
                    assertThat(refused.what()).contains(prefix + "nats.servers", prefix + "acme.url");
                    assertThat(refused.remedy()).contains("set " + prefix + "broker to acme or nats");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "leasehold., broker=nats, leasehold.nats.servers",
        "leasehold., broker=acme, leasehold.acme.url",
        "leasehold.clients.archive., broker=nats, leasehold.clients.archive.nats.servers",
    })
    void aNamedBrokerWithoutItsAddressStopsTheStart(String prefix, String named, String missing) {
        runner.withPropertyValues(prefix + named).run(context -> {
            MessagingException refused = StartReport.refusalOf(context);

            assertThat(refused.code()).isEqualTo(ErrorCode.BAD_SETTING);
            assertThat(refused.subject()).isEqualTo(prefix + "broker");
            assertThat(refused.remedy()).startsWith("set " + missing + ",");
        });
    }

    @ParameterizedTest
    @CsvSource({"leasehold.broker=nats", "leasehold.nats.servers=nats://one", "leasehold.clients.archive.broker=nats"})
    void aBrokerWhoseJarIsMissingStopsTheStartAndTheJarIsNamed(String property) {
        runner.withClassLoader(new FilteredClassLoader(NatsBroker.class))
                .withPropertyValues(property)
                .run(context -> {
                    MessagingException refused = StartReport.refusalOf(context);

                    assertThat(refused.code()).isEqualTo(ErrorCode.BAD_SETTING);
                    assertThat(refused.remedy()).startsWith("add io.leasehold:leasehold-nats to the class path");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "leasehold.nats.servers=nats://one",
                "leasehold.clients.archive.nats.servers=nats://one",
                "leasehold.clients.archive.nats.servers[0]=nats://one",
            })
    void soDoesAnAddressInASystemProperty(String property) {
        runner.withClassLoader(new FilteredClassLoader(NatsBroker.class))
                .withSystemProperties(property)
                .run(context -> assertThat(StartReport.refusalOf(context).remedy())
                        .startsWith("add io.leasehold:leasehold-nats to the class path"));
    }

    @Test
    void aNameThatNoBrokerHasStopsTheStartWithThoseThereAre() {
        runner.withPropertyValues("leasehold.broker=natz").run(context -> {
            MessagingException refused = StartReport.refusalOf(context);

            assertThat(refused.code()).isEqualTo(ErrorCode.BAD_SETTING);
            assertThat(refused.remedy()).contains("acme, embedded, nats");
        });
    }

    @Test
    void eachClientHasTheBrokerAndTheSettingsThatStandBelowIt() {
        runner.withPropertyValues(
                        "leasehold.name=desk",
                        "leasehold.nats.servers=" + SERVER,
                        "leasehold.nats.connections=2",
                        "leasehold.clients.archive.nats.servers=nats://127.0.0.1:2",
                        "leasehold.clients.audit-log.acme.url=acme://here")
                .run(context -> {
                    assertThat(context.getBean(MessageClient.class).name()).isEqualTo("desk");
                    assertThat(client("archive", context).name()).isEqualTo("desk-archive");
                    assertThat(client("audit-log", context).name()).isEqualTo("desk-audit-log");
                    assertThat(((NatsBroker) brokerOf("", context)).settings())
                            .isEqualTo(NatsSettings.builder()
                                    .servers(SERVER)
                                    .connections(2)
                                    .build());
                    assertThat(((NatsBroker) brokerOf("archive", context)).settings())
                            .isEqualTo(NatsSettings.builder()
                                    .servers("nats://127.0.0.1:2")
                                    .build());
                    assertThat(((AcmeBroker) brokerOf("audit-log", context)).url)
                            .isEqualTo("acme://here");
                });
    }

    @Test
    void theDefaultClientIsInjectedWhereNoNameIsGiven() {
        runner.withBean(Injected.class)
                .withPropertyValues("leasehold.broker=embedded", "leasehold.clients.archive.broker=embedded")
                .run(context -> {
                    Injected injected = context.getBean(Injected.class);

                    assertThat(injected.client).isSameAs(context.getBean("leaseholdClient"));
                    assertThat(injected.archive).isSameAs(context.getBean("archiveLeaseholdClient"));
                    assertThat(injected.archive).isNotSameAs(injected.client);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"leasehold.publish.window=7", "leasehold.name=desk", "leasehold.consumer.concurrency=2"})
    void whereOnlyClientsWithNamesAreConfiguredThereIsNoOther(String ofAll) {
        runner.withBean(OnlyOne.class)
                .withPropertyValues("leasehold.clients.archive.acme.url=acme://here", ofAll)
                .run(context -> {
                    assertThat(context).hasSingleBean(MessageClient.class).hasSingleBean(Broker.class);
                    assertThat(context.getBean(MessageClient.class))
                            .isSameAs(client("archive", context))
                            .isSameAs(context.getBean(OnlyOne.class).client);
                    assertThat(context).hasSingleBean(LeaseListenerRegistry.class);
                });
    }

    @Test
    void ofSeveralClientsWithNamesOneIsToBeNamed() {
        runner.withBean(OnlyOne.class)
                .withPropertyValues(
                        "leasehold.clients.archive.broker=embedded", "leasehold.clients.audit-log.broker=embedded")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasRootCauseInstanceOf(NoUniqueBeanDefinitionException.class)
                        .hasStackTraceContaining("archiveLeaseholdClient,audit-logLeaseholdClient"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "leasehold.broker=embedded",
                "leasehold.embedded.allow-unkept=true",
                "leasehold.nats.servers=nats://127.0.0.1:1",
                "leasehold.nats.servers[0]=nats://127.0.0.1:1",
                "leasehold.acme.url=acme://here",
            })
    void aPropertyOfItsBrokerMakesTheDefaultClientBesideThem(String property) {
        runner.withBean(Injected.class)
                .withPropertyValues("leasehold.clients.archive.broker=embedded", property)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(Injected.class).client).isSameAs(context.getBean("leaseholdClient"));
                });
    }

    @Test
    void aBrokerOfTheApplicationMakesItToo() {
        AcmeBroker own = new AcmeBroker("acme://own");
        runner.withBean(Injected.class)
                .withBean("own", Broker.class, () -> own)
                .withPropertyValues("leasehold.clients.archive.broker=embedded")
                .run(context -> {
                    assertThat(context.getBean(Injected.class).client).isSameAs(context.getBean("leaseholdClient"));
                    assertThat(context.getBean(Injected.class).archive)
                            .isSameAs(context.getBean("archiveLeaseholdClient"));
                });
    }

    @Test
    void aListenerWithoutANameListensWithTheOnlyClientThereIs() {
        runner.withBean(Nameless.class)
                .withPropertyValues("leasehold.clients.archive.broker=embedded")
                .run(context -> assertThat(
                                context.getBean(LeaseListenerRegistry.class).ids())
                        .containsExactly("desk"));
        runner.withBean(Nameless.class)
                .withPropertyValues(
                        "leasehold.clients.archive.broker=embedded", "leasehold.clients.audit.broker=embedded")
                .run(context -> {
                    MessagingException refused = StartReport.refusalOf(context);

                    assertThat(refused.code()).isEqualTo(ErrorCode.BAD_SETTING);
                    assertThat(refused.remedy()).startsWith("name the client of the listener");
                });
    }

    @Test
    void aListenerListensWithTheClientThatItNames() {
        runner.withBean(Desk.class)
                .withPropertyValues("leasehold.clients.archive.embedded.allow-unkept=true")
                .run(context -> {
                    Message message = Message.to("quakes.nc").body("a");
                    client("archive", context).publish(message).block(LIMIT);

                    Desk desk = context.getBean(Desk.class);
                    assertThat(desk.bodies.poll(30, TimeUnit.SECONDS)).isEqualTo("a");
                    assertThat(context.getBean(LeaseListenerRegistry.class)
                                    .status("desk")
                                    .client())
                            .isEqualTo("archive");
                });
    }

    @Test
    void aListenerOfAClientThatIsNotThereStopsTheStart() {
        runner.withBean(Desk.class).run(context -> {
            MessagingException refused = StartReport.refusalOf(context);

            assertThat(refused.code()).isEqualTo(ErrorCode.BAD_SETTING);
            assertThat(refused.remedy()).contains("leasehold.clients.archive.broker");
        });
    }

    @Test
    void namedClientsAndTheirBrokersAreClosedWithTheContext() {
        List<MessageClient> clients = new ArrayList<>();
        List<AcmeBroker> brokers = new ArrayList<>();
        runner.withPropertyValues("leasehold.clients.archive.acme.url=acme://here")
                .run(context -> {
                    clients.add(client("archive", context));
                    brokers.add((AcmeBroker) brokerOf("archive", context));
                });

        Mono<ErrorCode> closed = clients.get(0)
                .publish(Message.to("quakes.nc"))
                .map(receipt -> ErrorCode.INTERNAL)
                .onErrorResume(error -> Mono.just(MessagingException.codeOf(error)));
        assertThat(closed.block(LIMIT)).isEqualTo(ErrorCode.CLOSED);
        assertThat(brokers.get(0).closed).isTrue();
    }

    @Test
    void customizersAreToldWhichClientTheyChange() {
        List<String> called = new ArrayList<>();
        MessageClientBuilderCustomizer customizer = new MessageClientBuilderCustomizer() {
            @Override
            public void customize(MessageClientBuilder builder) {
                called.add("every");
            }

            @Override
            public void customize(String client, MessageClientBuilder builder) {
                called.add(client);
            }
        };

        runner.withBean(MessageClientBuilderCustomizer.class, () -> customizer)
                .withPropertyValues("leasehold.broker=embedded", "leasehold.clients.archive.broker=embedded")
                .run(context -> assertThat(called).containsExactlyInAnyOrder("", "archive"));
    }

    @ParameterizedTest
    @CsvSource({
        "leasehold.acme.ulr, leasehold.acme.url",
        "leasehold.clients.archive.acme.ulr, leasehold.clients.archive.acme.url",
        "leasehold.clients.archive.nats.server, leasehold.clients.archive.nats.servers",
        "leasehold.clients.archive.publish.wndow, leasehold.clients.archive.publish.window",
        "leasehold.clients.archive.brocker, leasehold.clients.archive.broker",
    })
    void anUnknownPropertyOfABrokerStopsTheStartWithTheNearestKnownOne(String unknown, String known) {
        runner.withPropertyValues(unknown + "=3").run(context -> {
            FailureAnalysis analysis = report.unknown(context);

            assertThat(analysis.getAction()).contains("Did you mean '" + known + "'?");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "leasehold.clients.archive.nats.connections, 65",
        "leasehold.clients.archive.publish.window, 0",
        "leasehold.clients.archive.embedded.duplicate-window, 20",
        "leasehold.acme.password, '' ",
    })
    void aWrongValueIsNamedWhereItStands(String property, String value) {
        runner.withPropertyValues(property + "=" + value).run(context -> {
            assertThat(context).hasFailed();

            FailureAnalysis analysis = report.refused(context);

            assertThat(analysis.getDescription()).contains(property);
        });
    }

    @ParameterizedTest
    @CsvSource({"leasehold.", "leasehold.clients.archive."})
    void whatToDoNamesThePropertiesOfThatClient(String prefix) {
        assertRemedy(prefix, "nats.credentials.token", "set %nats.servers, or remove the credentials");
        assertRemedy(prefix, "nats.credentials.username", "set %nats.credentials.password too");
        assertRemedy(prefix, "nats.tls.key", "set %nats.tls.certificate too");
        runner.withPropertyValues(prefix + "nats.domain=leaf", prefix + "nats.api-prefix=$JS.leaf.API")
                .run(context -> assertThat(StartReport.refusalOf(context).remedy())
                        .isEqualTo("keep one of " + prefix + "nats.domain and " + prefix + "nats.api-prefix"));
        runner.withPropertyValues(prefix + "nats.credentials.token=t", prefix + "nats.credentials.file=f")
                .run(context -> assertThat(StartReport.refusalOf(context).subject())
                        .isEqualTo("the properties under " + prefix + "nats.credentials"));
    }

    private void assertRemedy(String prefix, String property, String remedy) {
        runner.withPropertyValues(prefix + property + "=x")
                .run(context ->
                        assertThat(StartReport.refusalOf(context).remedy()).isEqualTo(remedy.replace("%", prefix)));
    }

    @Test
    void aSecretOfAnyBrokerIsNotPrinted() {
        runner.withPropertyValues("leasehold.clients.archive.acme.password=bad hunter2")
                .run(context -> {
                    FailureAnalysis analysis = report.refused(context);

                    assertThat(analysis.getDescription())
                            .contains("'leasehold.clients.archive.acme.password' with a value")
                            .doesNotContain("hunter2");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "leasehold.natz.credentials.password, leasehold.nats.credentials.password",
        "leasehold.clients.archive.nats.credentials.pasword, leasehold.clients.archive.nats.credentials.password",
    })
    void aMisspeltSecretIsNotPrinted(String unknown, String known) {
        runner.withPropertyValues(unknown + "=hunter2").run(context -> {
            FailureAnalysis analysis = report.unknown(context);

            assertThat(analysis.getDescription()).contains("'" + unknown + "'").doesNotContain("hunter2");
            assertThat(analysis.getAction()).contains("Did you mean '" + known + "'?");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "leasehold.password=hunter2",
                "leasehold.api-key=hunter2",
                "leasehold.clients.archive.passphrase=hunter2",
                "leasehold.clients.archive.servers=nats://app:hunter2@host",
                "leasehold.clients.nats.servers=nats://app:hunter2@host",
            })
    void aCredentialInAWrongPlaceIsNotPrinted(String property) {
        runner.withPropertyValues(property).run(context -> {
            FailureAnalysis analysis = report.unknown(context);

            assertThat(analysis.getDescription()).contains("with a value").doesNotContain("hunter2");
        });
    }

    /** Lets itself be given two clients. */
    static final class Injected {
        final MessageClient client;
        final MessageClient archive;

        Injected(MessageClient client, @Qualifier("archive") MessageClient archive) {
            this.client = client;
            this.archive = archive;
        }
    }

    /** Lets itself be given the only client. */
    static final class OnlyOne {
        final MessageClient client;

        OnlyOne(MessageClient client) {
            this.client = client;
        }
    }

    /** Names no client. */
    static final class Nameless {
        @LeaseListener(topic = "quakes.>", group = "desk")
        Mono<Void> on(String body) {
            return Mono.empty();
        }
    }

    /** Listens with a client that has a name. */
    static final class Desk {
        final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();

        @LeaseListener(topic = "quakes.>", group = "desk", client = "archive")
        Mono<Void> on(String body) {
            return Mono.fromRunnable(() -> bodies.add(body));
        }
    }

    /** A broker that the starter knows nothing of, as another jar brings it. */
    @AutoConfiguration(before = LeaseholdAutoConfiguration.class)
    @ConditionalOnClass(AcmeBroker.class)
    static class AcmeAutoConfiguration {
        @Bean
        static BrokerFactory<AcmeProperties> acmeBrokerFactory() {
            return new AcmeFactory();
        }
    }

    /**
     * What is said of that broker.
     *
     * @param url where it is
     * @param password what it asks for
     */
    record AcmeProperties(
            @Nullable String url, @DefaultValue("none") String password) {
        AcmeProperties {
            if (password.isBlank() || password.startsWith("bad")) {
                throw new MessagingException(ErrorCode.BAD_SETTING, "it is wrong", "password", "choose another one");
            }
        }
    }

    static final class AcmeFactory implements BrokerFactory<AcmeProperties> {
        @Override
        public String name() {
            return "acme";
        }

        @Override
        public Class<AcmeProperties> properties() {
            return AcmeProperties.class;
        }

        @Override
        public String addressProperty() {
            return "url";
        }

        @Override
        public boolean isAddressed(AcmeProperties properties) {
            return properties.url() != null;
        }

        @Override
        public Broker create(AcmeProperties properties) {
            return new AcmeBroker(String.valueOf(properties.url()));
        }
    }

    static final class AcmeBroker implements Broker, AutoCloseable {
        final String url;
        private final EmbeddedBroker behind = EmbeddedBroker.create();
        volatile boolean closed;

        AcmeBroker(String url) {
            this.url = url;
        }

        @Override
        public String name() {
            return "acme";
        }

        @Override
        public BrokerSession open(SessionContext context) {
            return behind.open(context);
        }

        @Override
        public void close() {
            closed = true;
            behind.shutdown();
        }
    }
}
