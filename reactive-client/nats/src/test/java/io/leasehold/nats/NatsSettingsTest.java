package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.connection.ConnectionSettings;
import io.leasehold.nats.connection.Credentials;
import io.leasehold.nats.jetstream.StreamSettings;
import io.leasehold.pace.Backoff;
import io.leasehold.wire.Secret;
import io.leasehold.wire.ServerAddress;
import io.leasehold.wire.Timeouts;
import io.leasehold.wire.TlsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What users set arrives where it is used; nothing else changes, and nothing secret is printed. */
class NatsSettingsTest {
    private static final NatsSettings DEFAULTS =
            NatsSettings.builder().servers("nats://one:4222").build();

    @Test
    void nothingSetIsTheDefaults() {
        assertThat(NatsSettings.builder().servers("nats://localhost:4222").build())
                .isEqualTo(NatsSettings.defaults());
        assertThat(DEFAULTS.mutate().build()).isEqualTo(DEFAULTS);
    }

    @Test
    void everyWayOfSayingWhoWeAre() {
        assertThat(credentials(b -> b.username("desk").password("pw")))
                .isEqualTo(new Credentials.Password("desk", Secret.of("pw")));
        assertThat(credentials(b -> b.token("tk"))).isEqualTo(new Credentials.Token(Secret.of("tk")));
        assertThat(credentials(b -> b.nkeySeed("SU1"))).isEqualTo(new Credentials.NKey(Secret.of("SU1")));
        Path file = Path.of("desk.file");

        assertThat(credentials(b -> b.nkeySeedFile(file))).isEqualTo(new Credentials.NKey(Secret.inFile(file)));
        assertThat(credentials(b -> b.credentialsFile(file))).isEqualTo(new Credentials.JwtFile(file));
    }

    @Test
    void theLastWayOfSayingWhoWeAreCountsAndAUserNeedsAPassword() {
        assertThat(credentials(b -> b.username("desk").password("pw").token("tk")))
                .isEqualTo(new Credentials.Token(Secret.of("tk")));
        assertThat(credentials(b -> b.token("tk").username("desk").password("pw")))
                .isEqualTo(new Credentials.Password("desk", Secret.of("pw")));
        assertThat(DEFAULTS.mutate()
                        .username("desk")
                        .password("pw")
                        .build()
                        .mutate()
                        .replicas(3)
                        .build()
                        .connecting()
                        .credentials())
                .isEqualTo(new Credentials.Password("desk", Secret.of("pw")));

        assertRefused(
                "leasehold.nats.credentials.password", b -> b.username("desk").build());
        assertRefused(
                "leasehold.nats.credentials.username", b -> b.password("pw").build());
        assertRefused(
                "leasehold.nats.tls.key", b -> b.certificate(Path.of("a.pem")).build());
    }

    private static Credentials credentials(UnaryOperator<NatsSettings.Builder> setting) {
        return connecting(setting).credentials();
    }

    private static ConnectionSettings connecting(UnaryOperator<NatsSettings.Builder> setting) {
        return setting.apply(DEFAULTS.mutate()).build().connecting();
    }

    @Test
    void nothingSecretIsPrinted() {
        assertThat(DEFAULTS.mutate()
                        .username("desk")
                        .password("hunter2")
                        .build()
                        .toString())
                .doesNotContain("hunter2");
        assertThat(DEFAULTS.mutate().token("hunter2").build().toString()).doesNotContain("hunter2");
        assertThat(DEFAULTS.mutate().nkeySeed("hunter2").build().toString()).doesNotContain("hunter2");
    }

    @Test
    void howTheConnectionIsMadeAndSecured() {
        assertThat(connecting(b -> b.servers(List.of("tls://two:5222", " three ")))
                        .servers())
                .containsExactly(
                        ServerAddress.parse(ConnectionSettings.PROTOCOL, "tls://two:5222"),
                        ServerAddress.parse(ConnectionSettings.PROTOCOL, "three"));
        for (NatsTls mode : NatsTls.values()) {
            assertThat(connecting(b -> b.tls(mode)).tls().mode().name()).isEqualTo(mode.name());
        }
        Path pem = Path.of("a.pem");

        assertThat(connecting(b -> b.trust(pem).certificate(pem).key(pem)).tls())
                .isEqualTo(TlsSettings.builder(ConnectionSettings.PROTOCOL)
                        .trust(pem)
                        .certificate(pem)
                        .key(pem)
                        .build());
        assertThat(connecting(b -> b.failFast(true).discoverServers(false).inboxPrefix("inbox.desk")))
                .isEqualTo(DEFAULTS.connecting()
                        .mutate()
                        .failFast(true)
                        .discoverServers(false)
                        .inboxPrefix("inbox.desk")
                        .build());
    }

    @Test
    void whatTakesHowLong() {
        Duration second = Duration.ofSeconds(1);
        Backoff delays = Backoff.fixed(second);
        Timeouts old = DEFAULTS.connecting().timeouts();

        assertThat(connecting(b -> b.connectTimeout(second)
                                .pingEvery(second)
                                .pongTimeout(second)
                                .reconnect(delays))
                        .timeouts())
                .isEqualTo(old.mutate()
                        .connectTimeout(second)
                        .pingEvery(second)
                        .pongTimeout(second)
                        .reconnect(delays)
                        .build());
        assertThat(DEFAULTS.mutate().requestLimit(second).build().jetStream().requestLimit())
                .isEqualTo(second);
    }

    @Test
    void whatStreamsAreLike() {
        StreamSettings made = DEFAULTS.mutate()
                .streams(NatsStreams.USE_STREAMS)
                .storage(NatsStorage.MEMORY)
                .retention(NatsRetention.WORK_QUEUE)
                .replicas(3)
                .maxAge(Duration.ofDays(1))
                .duplicateWindow(Duration.ofMinutes(1))
                .connections(2)
                .build()
                .jetStream()
                .streams();

        assertThat(made)
                .isEqualTo(StreamSettings.builder()
                        .policy(StreamSettings.Policy.USE_STREAMS)
                        .storage(StreamSettings.Storage.MEMORY)
                        .retention(StreamSettings.Retention.WORK_QUEUE)
                        .replicas(3)
                        .maxAge(Duration.ofDays(1))
                        .duplicateWindow(Duration.ofMinutes(1))
                        .build());
        assertThat(NatsStreams.values()).hasSameSizeAs(StreamSettings.Policy.values());
        assertThat(NatsRetention.values()).hasSameSizeAs(StreamSettings.Retention.values());
    }

    @Test
    void boundsAreCheckedWhereTheyAreSet() {
        assertRefused("leasehold.nats.streams.replicas", b -> b.replicas(-1));
        assertRefused("leasehold.nats.streams.replicas", b -> b.replicas(6));
        assertRefused("leasehold.nats.connections", b -> b.connections(65));
        assertRefused("leasehold.nats.request-limit", b -> b.requestLimit(Duration.ofMillis(1)));
        assertRefused("leasehold.nats.connection.ping-every", b -> b.pingEvery(Duration.ZERO));
        assertRefused("leasehold.nats.servers", b -> b.servers(List.of()));
        assertRefused("leasehold.nats.servers", b -> b.servers(List.of("nats://desk:pw@one")));
        assertRefused(
                "leasehold.nats.streams.duplicate-window",
                b -> b.maxAge(Duration.ofMinutes(1)).build());
        assertRefused(
                "leasehold.nats.streams.named.orders.max-bytes",
                b -> b.stream(
                        NatsStream.builder("orders").subjects("a").maxBytes(0).build()));
        assertRefused(
                "leasehold.nats.streams.named.orders.subjects",
                b -> b.stream(NatsStream.builder("orders").build()));
    }

    private static void assertRefused(String setting, Function<NatsSettings.Builder, ?> change) {
        assertThatThrownBy(() -> change.apply(DEFAULTS.mutate()))
                .isInstanceOfSatisfying(MessagingException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.BAD_SETTING);
                    assertThat(refused.subject()).startsWith(setting);
                    assertThat(refused.getMessage()).doesNotContain("pw");
                });
    }
}
