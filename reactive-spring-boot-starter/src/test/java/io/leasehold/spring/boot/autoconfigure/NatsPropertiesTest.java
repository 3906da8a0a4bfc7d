package io.leasehold.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.MessageClient;
import io.leasehold.broker.Broker;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.Recorder;
import io.leasehold.nats.NatsBroker;
import io.leasehold.nats.NatsRetention;
import io.leasehold.nats.NatsSettings;
import io.leasehold.nats.NatsStorage;
import io.leasehold.nats.NatsStreams;
import io.leasehold.nats.NatsTls;
import io.leasehold.pace.Backoff;
import io.leasehold.spring.boot.Contexts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** NATS is used as soon as its servers are set, as its properties say; what is wrong is named, and never a secret. */
@ExtendWith(OutputCaptureExtension.class)
class NatsPropertiesTest {
    // Nobody listens there.
    private static final String SERVER = "nats://127.0.0.1:1";
    private static final String SECRET = "hunter2hunter2";

    private final StartReport report = new StartReport();
    private final ApplicationContextRunner runner = report.on(Contexts.runner());

    @Test
    void oneSetPropertySwitchesFromTheEmbeddedBrokerToNats() {
        runner.withPropertyValues("leasehold.nats.servers=" + SERVER).run(context -> {
            assertThat(context).getBean(Broker.class).isInstanceOf(NatsBroker.class);
            assertThat(settingsIn(context))
                    .isEqualTo(NatsSettings.builder().servers(SERVER).build());
        });
        runner.withPropertyValues("leasehold.nats.servers=")
                .run(context -> assertThat(context).getBean(Broker.class).isInstanceOf(EmbeddedBroker.class));
        runner.withPropertyValues("leasehold.nats.streams.replicas=3")
                .run(context -> assertThat(context).getBean(Broker.class).isInstanceOf(EmbeddedBroker.class));
    }

    @Test
    void theBrokerThatIsAskedForByNameIsUsed() {
        runner.withPropertyValues("leasehold.broker=embedded", "leasehold.nats.servers=" + SERVER)
                .run(context -> assertThat(context).getBean(Broker.class).isInstanceOf(EmbeddedBroker.class));
        runner.withPropertyValues("leasehold.broker=nats", "leasehold.nats.servers=" + SERVER)
                .run(context -> assertThat(context).getBean(Broker.class).isInstanceOf(NatsBroker.class));
        runner.withPropertyValues("leasehold.broker=nats")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("leasehold.broker is nats, and leasehold.nats.servers is not set")
                        .hasStackTraceContaining("nats.servers"));
        runner.withPropertyValues("leasehold.broker=kafka")
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining("leasehold.broker"));
    }

    @ParameterizedTest
    @CsvSource({"leasehold.name=desk, true", "leasehold.broker=embedded, false"})
    void aBrokerThatKeepsNothingIsWarnedOfWhereNobodyAskedForIt(String property, boolean warned) {
        List<MessagingEvent> events = new CopyOnWriteArrayList<>();
        Recorder recorder = new Recorder() {
            @Override
            public void event(MessagingEvent event) {
                events.add(event);
            }
        };
        runner.withBean("events", Recorder.class, () -> recorder)
                .withPropertyValues(property)
                .run(context -> assertThat(events.stream()
                                .filter(event -> event.kind() == MessagingEvent.Kind.ADVICE)
                                .map(MessagingEvent::remedy)
                                .filter(remedy -> remedy.contains("leasehold.broker=embedded")))
                        .hasSize(warned ? 1 : 0));
        events.clear();
        EmbeddedBroker own = EmbeddedBroker.create();
        runner.withBean("events", Recorder.class, () -> recorder)
                .withBean("own", Broker.class, () -> own)
                .run(context ->
                        assertThat(events).extracting(MessagingEvent::kind).doesNotContain(MessagingEvent.Kind.ADVICE));
    }

    // A client reads the files and the seed that are named here.
    private ApplicationContextRunner unopened() {
        return runner.withBean(
                MessageClient.class, () -> MessageClient.builder().build());
    }

    private static NatsSettings settingsIn(AssertableApplicationContext context) {
        return context.getBean(NatsBroker.class).settings();
    }

    @Test
    void aBrokerOfTheApplicationIsUsedNevertheless() {
        EmbeddedBroker own = EmbeddedBroker.create();
        runner.withBean("own", Broker.class, () -> own)
                .withPropertyValues("leasehold.nats.servers=" + SERVER)
                .run(context -> assertThat(context).getBean(Broker.class).isSameAs(own));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "leasehold.nats.servers=nats://one:4222,tls://two",
                "leasehold.nats.servers[0]=nats://one:4222 leasehold.nats.servers[1]=tls://two"
            })
    void severalServers(String written) {
        runner.withPropertyValues(written.split(" "))
                .run(context -> assertThat(settingsIn(context))
                        .isEqualTo(NatsSettings.builder()
                                .servers("nats://one:4222,tls://two")
                                .build()));
    }

    @Test
    void aServerAsASystemPropertyIsKnown() {
        runner.withSystemProperties("leasehold.nats.servers[0]=" + SERVER)
                .run(context -> assertThat(settingsIn(context))
                        .isEqualTo(NatsSettings.builder().servers(SERVER).build()));
    }

    @Test
    void whereAnswersArrive() {
        runner.withPropertyValues(
                        "leasehold.nats.servers=" + SERVER, "leasehold.nats.connection.inbox-prefix=inbox.desk")
                .run(context -> assertThat(settingsIn(context))
                        .isEqualTo(NatsSettings.builder()
                                .servers(SERVER)
                                .inboxPrefix("inbox.desk")
                                .build()));
    }

    @Test
    void howTheConnectionIsSecured() {
        unopened()
                .withPropertyValues(
                        "leasehold.nats.servers=" + SERVER,
                        "leasehold.nats.tls.mode=first",
                        "leasehold.nats.tls.trust=ca.pem",
                        "leasehold.nats.tls.certificate=desk.pem",
                        "leasehold.nats.tls.key=desk.key")
                .run(context -> assertThat(settingsIn(context))
                        .isEqualTo(NatsSettings.builder()
                                .servers(SERVER)
                                .tls(NatsTls.FIRST)
                                .trust(Path.of("ca.pem"))
                                .certificate(Path.of("desk.pem"))
                                .key(Path.of("desk.key"))
                                .build()));
    }

    @Test
    void howTheConnectionIsKept() {
        Backoff delays = Backoff.builder()
                .first(Duration.ofMillis(5))
                .max(Duration.ofMillis(6))
                .factor(3)
                .jitter(0)
                .build();
        unopened()
                .withPropertyValues(
                        "leasehold.nats.servers=" + SERVER,
                        "leasehold.nats.connection.connect-timeout=1s",
                        "leasehold.nats.connection.ping-every=2s",
                        "leasehold.nats.connection.pong-timeout=4s",
                        "leasehold.nats.connection.discover-servers=false",
                        "leasehold.nats.connection.native-transport=false",
                        "leasehold.nats.connection.reconnect.first=5ms",
                        "leasehold.nats.connection.reconnect.max=6ms",
                        "leasehold.nats.connection.reconnect.factor=3",
                        "leasehold.nats.connection.reconnect.jitter=0",
                        "leasehold.nats.connections=2",
                        "leasehold.nats.terminate-reasons=true",
                        "leasehold.nats.request-limit=7s")
                .run(context -> assertThat(settingsIn(context))
                        .isEqualTo(NatsSettings.builder()
                                .servers(SERVER)
                                .connectTimeout(Duration.ofSeconds(1))
                                .pingEvery(Duration.ofSeconds(2))
                                .pongTimeout(Duration.ofSeconds(4))
                                .discoverServers(false)
                                .nativeTransport(false)
                                .reconnect(delays)
                                .connections(2)
                                .terminateReasons(true)
                                .requestLimit(Duration.ofSeconds(7))
                                .build()));
    }

    @Test
    void failFastIsOneOfTheSettingsAndOfTheStart() {
        MapConfigurationPropertySource properties = new MapConfigurationPropertySource(
                Map.of("leasehold.nats.servers", SERVER, "leasehold.nats.connection.fail-fast", "true"));
        NatsProperties nats = new Binder(properties)
                .bind("leasehold.nats", NatsProperties.class)
                .get();

        assertThat(nats.settings())
                .isEqualTo(NatsSettings.builder().servers(SERVER).failFast(true).build());
        assertThat(nats.startLimits()).isEqualTo(new StartLimits(Duration.ofSeconds(20), Duration.ofSeconds(30)));
    }

    @Test
    void streams() {
        runner.withPropertyValues(
                        "leasehold.nats.servers=" + SERVER,
                        "leasehold.nats.streams.policy=use-streams",
                        "leasehold.nats.streams.storage=memory",
                        "leasehold.nats.streams.retention=work-queue",
                        "leasehold.nats.streams.replicas=3",
                        "leasehold.nats.streams.max-age=1m",
                        "leasehold.nats.streams.duplicate-window=10s")
                .run(context -> assertThat(settingsIn(context))
                        .isEqualTo(NatsSettings.builder()
                                .servers(SERVER)
                                .streams(NatsStreams.USE_STREAMS)
                                .storage(NatsStorage.MEMORY)
                                .retention(NatsRetention.WORK_QUEUE)
                                .replicas(3)
                                .maxAge(Duration.ofMinutes(1))
                                .duplicateWindow(Duration.ofSeconds(10))
                                .build()));
    }

    @Test
    void whoWeAre() {
        assertCredentials(
                NatsSettings.builder()
                        .servers(SERVER)
                        .username("desk")
                        .password(SECRET)
                        .build(),
                "username=desk",
                "password=" + SECRET);
        assertCredentials(NatsSettings.builder().servers(SERVER).token(SECRET).build(), "token=" + SECRET);
        assertCredentials(
                NatsSettings.builder().servers(SERVER).nkeySeed(SECRET).build(), "nkey-seed=" + SECRET);
        assertCredentials(
                NatsSettings.builder()
                        .servers(SERVER)
                        .nkeySeedFile(Path.of("desk.nk"))
                        .build(),
                "nkey-seed-file=desk.nk");
        assertCredentials(
                NatsSettings.builder()
                        .servers(SERVER)
                        .credentialsFile(Path.of("desk.creds"))
                        .build(),
                "file=desk.creds");
    }

    private void assertCredentials(NatsSettings expected, String... properties) {
        String[] named = List.of(properties).stream()
                .map(property -> "leasehold.nats.credentials." + property)
                .toArray(String[]::new);
        unopened()
                .withPropertyValues("leasehold.nats.servers=" + SERVER)
                .withPropertyValues(named)
                .run(context -> {
                    assertThat(settingsIn(context)).isEqualTo(expected);
                    assertThat(context.getBean(NatsProperties.class).toString())
                            .contains(SERVER)
                            .doesNotContain(SECRET);
                });
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource({
        "leasehold.nats.servers, http://one",
        "leasehold.nats.servers, nats://one:99999",
        "leasehold.nats.request-limit, 1ms",
        "leasehold.nats.connections, 65",
        "leasehold.nats.connection.connect-timeout, 1ms",
        "leasehold.nats.connection.ping-every, 1h",
        "leasehold.nats.connection.inbox-prefix, a b",
        "leasehold.nats.connection.pong-timeout, 0s",
        "leasehold.nats.connection.reconnect.factor, 0",
        "leasehold.nats.streams.replicas, 6",
        "leasehold.nats.streams.max-age, -1s",
        "leasehold.nats.streams.max-age, 1m",
        "leasehold.nats.streams.duplicate-window, 1ms",
        "leasehold.nats.streams.duplicate-window, 8d",
    })
    void aValueOutOfItsBoundsStopsTheStartAndIsNamed(String property, String value) {
        runner.withPropertyValues(property + "=" + value).run(context -> {
            FailureAnalysis analysis = report.refused(context);

            assertThat(analysis.getDescription()).contains("'" + property + "'", "'" + value + "'", "LH-1");
            assertThat(analysis.getAction()).endsWith(".");
        });
    }

    @Test
    void whatBelongsTogetherIsMissed() {
        assertMissed("'leasehold.nats.credentials.password'", "credentials.username=desk");
        assertMissed("'leasehold.nats.credentials.username'", "credentials.password=" + SECRET);
        assertMissed("'leasehold.nats.tls.key'", "tls.certificate=desk.pem");
        assertMissed("'leasehold.nats.tls.certificate'", "tls.key=desk.key");
        assertMissed("who we are is said in 2 ways", "credentials.token=" + SECRET, "credentials.file=desk.creds");
    }

    private void assertMissed(String expected, String... properties) {
        String[] named = List.of(properties).stream()
                .map(property -> "leasehold.nats." + property)
                .toArray(String[]::new);
        runner.withPropertyValues("leasehold.nats.servers=" + SERVER)
                .withPropertyValues(named)
                .run(context -> {
                    FailureAnalysis analysis = report.refused(context);

                    assertThat(analysis.getDescription())
                            .contains(expected, "leasehold.nats.")
                            .doesNotContain(SECRET);
                    assertThat(analysis.getAction()).doesNotContain(SECRET);
                });
    }

    @Test
    void credentialsWithoutAServerAreRefused() {
        runner.withPropertyValues("leasehold.nats.credentials.token=" + SECRET)
                .run(context -> assertThat(report.refused(context).getDescription())
                        .contains("'leasehold.nats.servers'", "no server to show them to")
                        .doesNotContain(SECRET));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "leasehold.nats.credentials.pasword, leasehold.nats.credentials.password",
        "leasehold.nats.password, leasehold.nats.credentials.password",
        "leasehold.nats.credentials.tokn, leasehold.nats.credentials.token",
    })
    void aMisspeltSecretIsNotPrinted(String unknown, String known) {
        runner.withPropertyValues(unknown + "=" + SECRET).run(context -> {
            FailureAnalysis analysis = report.unknown(context);

            assertThat(analysis.getDescription()).contains("'" + unknown + "'").doesNotContain(SECRET);
            assertThat(analysis.getAction()).contains("Did you mean '" + known + "'?");
        });
    }

    @Test
    void anAddressWithCredentialsIsRefusedAndNotPrinted(CapturedOutput output) {
        SpringApplication application = new SpringApplication(LeaseholdPropertiesTest.Plain.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setRegisterShutdownHook(false);

        assertThatThrownBy(() -> application.run("--leasehold.nats.servers=nats://desk:" + SECRET + "@one"))
                .isInstanceOf(RuntimeException.class);
        assertThat(output)
                .contains("APPLICATION FAILED TO START", "leasehold.nats.servers", "it holds credentials")
                .doesNotContain(SECRET);
    }
}
