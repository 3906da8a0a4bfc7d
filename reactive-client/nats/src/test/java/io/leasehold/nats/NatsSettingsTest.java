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
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What users set arrives where it is used; nothing else changes, and nothing secret is printed. */
class NatsSettingsTest {
    private static final NatsSettings DEFAULTS = NatsSettings.of("nats://one:4222");

    @Test
    void nothingSetIsTheDefaults() {
        assertThat(NatsSettings.builder("nats://one:4222").build()).isEqualTo(DEFAULTS);
        assertThat(DEFAULTS.mutate().build()).isEqualTo(DEFAULTS);
    }

    @Test
    void everyWayOfSayingWhoWeAre() {
        assertThat(credentials(b -> b.password("desk", "pw")))
                .isEqualTo(new Credentials.Password("desk", Secret.of("pw")));
        assertThat(credentials(b -> b.token("tk"))).isEqualTo(new Credentials.Token(Secret.of("tk")));
        assertThat(credentials(b -> b.nkeySeed("SU1"))).isEqualTo(new Credentials.NKey(Secret.of("SU1")));
        Path file = Path.of("desk.file");

        assertThat(credentials(b -> b.nkeySeedFile(file))).isEqualTo(new Credentials.NKey(Secret.inFile(file)));
        assertThat(credentials(b -> b.credentialsFile(file))).isEqualTo(new Credentials.JwtFile(file));
    }

    private static Credentials credentials(UnaryOperator<NatsSettingsBuilder> setting) {
        return connecting(setting).credentials();
    }

    private static ConnectionSettings connecting(UnaryOperator<NatsSettingsBuilder> setting) {
        return setting.apply(DEFAULTS.mutate()).build().connecting();
    }

    @Test
    void nothingSecretIsPrinted() {
        assertThat(DEFAULTS.mutate().password("desk", "hunter2").build().toString())
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

        assertThat(connecting(b -> b.trust(pem).identity(pem, pem)).tls())
                .isEqualTo(TlsSettings.DEFAULTS.trusting(pem).as(new TlsSettings.Identity(pem, pem)));
        assertThat(connecting(b -> b.failFast(true).discoverServers(false).inboxPrefix("inbox.desk"))
                        .options())
                .isEqualTo(new ConnectionSettings.Options(true, false, true, "inbox.desk"));
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
                .isEqualTo(new Timeouts(second, second, second, old.writeTimeout(), old.closeTimeout(), delays));
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
                .keeping(Duration.ofDays(1), Duration.ofMinutes(1))
                .connections(2)
                .build()
                .jetStream()
                .streams();

        assertThat(made)
                .isEqualTo(new StreamSettings(
                                StreamSettings.Policy.USE_STREAMS,
                                StreamSettings.Storage.MEMORY,
                                3,
                                Duration.ofDays(1),
                                Duration.ofMinutes(1))
                        .with(StreamSettings.Retention.WORK_QUEUE));
        assertThat(NatsStreams.values()).hasSameSizeAs(StreamSettings.Policy.values());
        assertThat(NatsRetention.values()).hasSameSizeAs(StreamSettings.Retention.values());
    }

    @Test
    void boundsAreCheckedWhereTheyAreSet() {
        assertRefused(b -> b.replicas(-1));
        assertRefused(b -> b.replicas(6));
        assertRefused(b -> b.connections(65));
        assertRefused(b -> b.requestLimit(Duration.ofMillis(1)));
        assertRefused(b -> b.pingEvery(Duration.ZERO));
        assertRefused(b -> b.servers(List.of()));
        assertRefused(b -> b.servers(List.of("nats://desk:pw@one")));
    }

    private static void assertRefused(UnaryOperator<NatsSettingsBuilder> setting) {
        assertThatThrownBy(() -> setting.apply(DEFAULTS.mutate()))
                .isInstanceOfSatisfying(MessagingException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.BAD_SETTING);
                    assertThat(refused.getMessage()).doesNotContain("pw");
                });
    }
}
