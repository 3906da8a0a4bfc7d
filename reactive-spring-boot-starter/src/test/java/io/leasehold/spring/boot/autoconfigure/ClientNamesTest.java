package io.leasehold.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.broker.Broker;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.NatsBroker;
import io.leasehold.nats.NatsSettings;
import io.leasehold.nats.NatsStream;
import io.leasehold.spring.boot.Contexts;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** A client has one name, in kebab case, however its properties and environment variables are written. */
class ClientNamesTest {
    // Nobody listens there.
    private static final String SERVER = "nats://127.0.0.1:1";

    private final ApplicationContextRunner runner = Contexts.runner();

    private ApplicationContextRunner inAnEnvironmentOf(String... variables) {
        Map<String, Object> set = new LinkedHashMap<>();
        Arrays.stream(variables).map(one -> one.split("=", 2)).forEach(one -> set.put(one[0], one[1]));
        return runner.withInitializer(context -> context.getEnvironment()
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, set)));
    }

    private static void assertHasClients(AssertableApplicationContext context, String... names) {
        assertThat(context).hasNotFailed();
        assertThat(context.getBeanNamesForType(MessageClient.class))
                .filteredOn(bean -> !bean.equals("leaseholdClient"))
                .containsExactlyInAnyOrder(
                        Arrays.stream(names).map(NamedClients::beanOf).toArray(String[]::new));
    }

    private static NatsSettings natsOf(String client, AssertableApplicationContext context) {
        return ((NatsBroker) context.getBean(NamedClients.brokerOf(client), Broker.class)).settings();
    }

    @ParameterizedTest
    @CsvSource({
        "LEASEHOLD_CLIENTS_ARCHIVE_NATS_SERVERS, archive",
        "LEASEHOLD_CLIENTS_ARCHIVE_NATS_SERVERS_0, archive",
        "leasehold_clients_archive_nats_servers, archive",
        "LEASEHOLD_CLIENTS_AUDIT_LOG_NATS_SERVERS, audit-log",
        "LEASEHOLD_CLIENTS_AUDIT_LOG_NATS_SERVERS_0, audit-log",
        "LEASEHOLD_CLIENTS_AUDITLOG_NATS_SERVERS, auditlog",
        "LEASEHOLD_CLIENTS_SHARD_2_NATS_SERVERS, shard-2",
        "LEASEHOLD_CLIENTS_NATS_NATS_SERVERS, nats",
    })
    void environmentVariablesAloneMakeAClient(String variable, String client) {
        inAnEnvironmentOf(variable + "=" + SERVER).run(context -> {
            assertHasClients(context, client);
            assertThat(natsOf(client, context))
                    .isEqualTo(NatsSettings.builder().servers(SERVER).build());
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AUDIT_LOG_NATS_CONNECTION_CONNECT_TIMEOUT",
                "AUDIT_LOG_NATS_CONNECTION_CONNECTTIMEOUT",
                "AUDITLOG_NATS_CONNECTION_CONNECT_TIMEOUT",
                "AUDITLOG_NATS_CONNECTION_CONNECTTIMEOUT"
            })
    void aVariableBelongsToTheClientOfTheSameLetters(String variable) {
        inAnEnvironmentOf("LEASEHOLD_CLIENTS_" + variable + "=7s")
                .withPropertyValues("leasehold.clients.audit-log.nats.servers=" + SERVER)
                .run(context -> {
                    assertHasClients(context, "audit-log");
                    assertThat(natsOf("audit-log", context).connectTimeout()).hasSeconds(7);
                });
    }

    @Test
    void aVariableOfANamedStreamReachesAClientWithAHyphen() {
        inAnEnvironmentOf(
                        "LEASEHOLD_CLIENTS_AUDIT_LOG_NATS_SERVERS=" + SERVER,
                        "LEASEHOLD_CLIENTS_AUDIT_LOG_NATS_STREAMS_NAMED_ORDERS_SUBJECTS=orders.>",
                        "LEASEHOLD_CLIENTS_AUDIT_LOG_NATS_STREAMS_NAMED_ORDERS_MAX_MESSAGES=7")
                .run(context -> {
                    assertHasClients(context, "audit-log");
                    assertThat(natsOf("audit-log", context))
                            .isEqualTo(NatsSettings.builder().servers(SERVER).stream(NatsStream.builder("orders")
                                            .subjects("orders.>")
                                            .maxMessages(7)
                                            .build())
                                    .build());
                });
    }

    @Test
    void variablesOfTwoClientsOfWhichOneBeginsLikeTheOtherAreToldApart() {
        inAnEnvironmentOf(
                        "LEASEHOLD_CLIENTS_AUDIT_NATS_SERVERS=nats://127.0.0.1:2",
                        "LEASEHOLD_CLIENTS_AUDIT_LOG_NATS_SERVERS=nats://127.0.0.1:3")
                .run(context -> {
                    assertHasClients(context, "audit", "audit-log");
                    assertThat(natsOf("audit", context))
                            .isEqualTo(NatsSettings.builder()
                                    .servers("nats://127.0.0.1:2")
                                    .build());
                    assertThat(natsOf("audit-log", context))
                            .isEqualTo(NatsSettings.builder()
                                    .servers("nats://127.0.0.1:3")
                                    .build());
                });
    }

    @Test
    void aVariableWinsOverDefaultsAndLosesToWhatStandsAboveTheEnvironment() {
        ApplicationContextRunner both = inAnEnvironmentOf("LEASEHOLD_CLIENTS_AUDIT_LOG_NATS_SERVERS=" + SERVER)
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addLast(new MapPropertySource(
                                "defaults", Map.of("leasehold.clients.audit-log.nats.servers", "nats://127.0.0.1:2"))));

        both.run(context -> assertThat(natsOf("audit-log", context))
                .isEqualTo(NatsSettings.builder().servers(SERVER).build()));
        both.withPropertyValues("leasehold.clients.audit-log.nats.servers=nats://127.0.0.1:3")
                .run(context -> assertThat(natsOf("audit-log", context))
                        .isEqualTo(NatsSettings.builder()
                                .servers("nats://127.0.0.1:3")
                                .build()));
    }

    @ParameterizedTest
    @CsvSource({
        "LEASEHOLD_CLIENTS_ARCHIVE_NATS_SERVER, leasehold.clients.archive.nats.servers",
        "LEASEHOLD_CLIENTS_ARCHIVE_NATZ_SERVERS, leasehold.clients.archive.nats.servers",
        "LEASEHOLD_CLIENTS_AUDIT_LOG_NATS_SERVER, leasehold.clients.audit-log.nats.servers",
        "LEASEHOLD_CLIENTS_ARCHIVE_BROCKER, leasehold.clients.archive.broker",
        "LEASEHOLD_CLIENTS_NATS_SERVERS, leasehold.clients.nats.nats.servers",
    })
    void aMistypedVariableStopsTheStartWithTheNearestKnownOne(String variable, String known) {
        ApplicationContextRunner mistyped = inAnEnvironmentOf(variable + "=hunter2");
        for (ApplicationContextRunner started :
                new ApplicationContextRunner[] {mistyped, mistyped.withPropertyValues(known + "=" + SERVER)}) {
            started.run(context -> {
                MessagingException refused = StartReport.refusalOf(context);

                assertThat(refused.code()).isEqualTo(ErrorCode.BAD_SETTING);
                assertThat(refused.subject()).isEqualTo(variable);
                assertThat(refused.remedy())
                        .contains(
                                known,
                                known.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'));
                assertThat(refused).hasMessageNotContaining("hunter2");
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"LEASEHOLD_CLIENTS_AUDIT_LOG_NATS_SERVERS", "LEASEHOLD_CLIENTS_ARCHIVE_NATS_SERVERS_0"})
    void aVariableOfABrokerWithoutItsJarNamesTheJar(String variable) {
        inAnEnvironmentOf(variable + "=" + SERVER)
                .withClassLoader(new FilteredClassLoader(NatsBroker.class))
                .run(context -> assertThat(StartReport.refusalOf(context).remedy())
                        .startsWith("add io.leasehold:leasehold-nats to the class path"));
    }

    @ParameterizedTest
    @CsvSource({
        "audit-log, audit-log",
        "auditLog, audit-log",
        "audit_log, audit-log",
        "AUDIT_LOG, audit-log",
        "Audit-Log, audit-log",
        "AUDIT, audit",
        "auditlog, auditlog",
        "shard2, shard2",
        "[audit], audit",
    })
    void aNameIsTakenAsBootTakesIt(String written, String client) {
        runner.withPropertyValues("leasehold.clients." + written + ".nats.servers=" + SERVER)
                .run(context -> {
                    assertHasClients(context, client);
                    assertThat(natsOf(client, context))
                            .isEqualTo(NatsSettings.builder().servers(SERVER).build());
                });
    }

    @Test
    void theSameLettersAreTheSameClientAndItsHyphensCount() {
        runner.withPropertyValues(
                        "leasehold.clients.auditlog.nats.servers=" + SERVER,
                        "leasehold.clients.auditLog.nats.connections=2",
                        "leasehold.clients.AUDIT-LOG.nats.connection.connect-timeout=7s")
                .run(context -> {
                    assertHasClients(context, "audit-log");
                    assertThat(natsOf("audit-log", context))
                            .isEqualTo(NatsSettings.builder()
                                    .servers(SERVER)
                                    .connections(2)
                                    .connectTimeout(Duration.ofSeconds(7))
                                    .build());
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"9x", "audit--log", "audit-", "[audit_log]", "[audit.log]", "[audit log]", "2"})
    void anyOtherNameStopsTheStart(String written) {
        runner.withPropertyValues("leasehold.clients." + written + ".broker=embedded")
                .run(context -> {
                    MessagingException refused = StartReport.refusalOf(context);

                    assertThat(refused.code()).isEqualTo(ErrorCode.BAD_SETTING);
                    assertThat(refused.subject()).isEqualTo("leasehold.clients");
                    assertThat(refused.remedy()).contains("audit-log");
                });
    }

    @Test
    void aClientForWhichNothingIsSetStopsTheStart() {
        runner.withPropertyValues("leasehold.clients.archive=").run(context -> {
            MessagingException refused = StartReport.refusalOf(context);

            assertThat(refused.code()).isEqualTo(ErrorCode.BAD_SETTING);
            assertThat(refused.subject()).isEqualTo("leasehold.clients.archive");
            assertThat(refused.remedy()).contains("leasehold.clients.archive.broker");
        });
    }
}
