package io.leasehold.nats.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.Threads;
import io.nats.client.AuthHandler;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that ask who is there: keys, credentials and certificates made here are understood by others. */
@EachServer
class SecurityIT {
    private static final String LOCAL = "dns:localhost,ip:127.0.0.1";

    private final Certificates certificates = Certificates.shared();
    private final Certificates.Identity local = certificates.valid(LOCAL);

    @TempDir
    private Path folder;

    /** A client of somebody else gets in. */
    private static void assertWorks(NatsServer server, UnaryOperator<Options.Builder> more) throws Exception {
        Options.Builder options = Options.builder()
                .server(server.url())
                .connectionTimeout(Duration.ofSeconds(5))
                .maxReconnects(0);
        Connection connection = Nats.connect(more.apply(options).build());
        assertThat(connection.jetStreamManagement().getAccountStatistics().getStreams())
                .isZero();
        connection.close();
    }

    private static void assertRefused(NatsServer server, TestKey key, String more) {
        try (RawNats nats = RawNats.open(server.port())) {
            Threads.await("INFO", RawNats.LIMIT, () -> !nats.infos().isEmpty());
            String nonce = nats.infos().get(0).replaceFirst(".*\"nonce\":\"([^\"]*)\".*", "$1");
            nats.send("CONNECT {\"sig\":\"%s\",%s}\r\nPING\r\n".formatted(key.sign(nonce), more));
            Threads.await("the end", RawNats.LIMIT, nats::hasEnded);
            assertThat(nats.errors()).singleElement().asString().startsWith("'Authorization Violation");
        }
    }

    @Test
    void aKeyIsEnough(ServerBinary binary) throws Exception {
        TestKey user = TestKey.user();
        assertThat(user.name()).startsWith("U").hasSize(56);
        assertThat(user.seed()).startsWith("SU").hasSize(58);
        AuthHandler known = Nats.staticCredentials(null, user.seed().toCharArray());
        String users = "authorization { users: [ { nkey: \"%s\" } ] }\n".formatted(user.name());
        try (NatsServer server = NatsServer.start(binary, users)) {
            assertWorks(server, options -> options.authHandler(known));
            assertRefused(server, TestKey.user(), "\"nkey\":\"" + user.name() + "\"");
        }
    }

    @Test
    void credentialsOfTheOperatorsUsersAreUnderstood(ServerBinary binary) throws Exception {
        TestOperator operator = new TestOperator();
        TestOperator.User known = operator.user("", null);
        Path file = Files.writeString(folder.resolve("known.creds"), known.file());
        try (NatsServer server = NatsServer.start(binary, operator.server())) {
            assertWorks(server, options -> options.authHandler(Nats.credentials(file.toString())));
            assertRefused(server, TestKey.user(), jwt(known));
            TestOperator.User late = operator.user("", Instant.now().minusSeconds(60));
            assertRefused(server, late.key(), jwt(late));
            TestOperator.User stranger = new TestOperator().user("", null);
            assertRefused(server, stranger.key(), jwt(stranger));
        }
    }

    private static String jwt(TestOperator.User user) {
        return "\"jwt\":\"" + user.jwt() + "\"";
    }

    @Test
    void whoMayNotIsToldOnWhichSubject(ServerBinary binary) {
        String users = "authorization { users: [ { user: a, password: b, permissions: "
                + "{ publish: [\"ok.>\"], subscribe: [\"ok.>\"] } } ] }\n";
        try (NatsServer server = NatsServer.start(binary, users);
                RawNats nats = RawNats.open(server.port())) {
            nats.send("CONNECT {\"verbose\":false,\"user\":\"a\",\"pass\":\"b\",\"protocol\":1}\r\n");
            nats.publish("ok.a", "x");
            nats.publish("secret.a", "x");
            nats.subscribe("secret.b");
            nats.flush();
            assertThat(nats.errors())
                    .containsExactly(
                            "'Permissions Violation for Publish to \"secret.a\"'",
                            "'Permissions Violation for Subscription to \"secret.b\"'");
            assertThat(nats.hasEnded()).isFalse();
        }
    }

    @Test
    void whoIsUnknownIsSentAway(ServerBinary binary) {
        try (NatsServer server = NatsServer.start(binary, "authorization { token: s3cret }\n");
                RawNats nats = RawNats.open(server.port())) {
            nats.send("CONNECT {\"auth_token\":\"other\"}\r\nPING\r\n");
            Threads.await("the end", RawNats.LIMIT, nats::hasEnded);
            assertThat(nats.errors()).containsExactly("'Authorization Violation'");
        }
    }

    /** What comes first after the handshake and a PING; empty when the server goes away instead. */
    private static String handshake(NatsServer server, SSLContext context) throws IOException {
        try (Socket plain = new Socket("127.0.0.1", server.port())) {
            plain.setSoTimeout((int) RawNats.LIMIT.toMillis());
            for (int next = plain.getInputStream().read();
                    next != '\n';
                    next = plain.getInputStream().read()) {
                assertThat(next).as("INFO").isNotNegative();
            }
            try (SSLSocket secure =
                    (SSLSocket) context.getSocketFactory().createSocket(plain, "127.0.0.1", server.port(), false)) {
                secure.startHandshake();
                secure.getOutputStream().write("CONNECT {\"verbose\":false}\r\nPING\r\n".getBytes(US_ASCII));
                return new String(secure.getInputStream().readNBytes(4), US_ASCII);
            }
        }
    }

    @Test
    void theCertificateOfTheServerIsTrusted(ServerBinary binary) throws Exception {
        try (NatsServer server = NatsServer.start(binary, certificates.server(local, "timeout: 5"))) {
            assertWorks(server, options -> options.sslContext(certificates.client(null)));
            assertThat(handshake(server, certificates.client(null))).isIn("PONG", "INFO");
            try (Certificates others = new Certificates()) {
                assertDistrusted(server, others);
            }
        }
    }

    @Test
    void anExpiredCertificateIsNot(ServerBinary binary) {
        Certificates.Identity expired = certificates.expired(LOCAL);
        try (NatsServer server = NatsServer.start(binary, certificates.server(expired, "timeout: 5"))) {
            assertDistrusted(server, certificates);
        }
    }

    private static void assertDistrusted(NatsServer server, Certificates trusted) {
        assertThatThrownBy(() -> handshake(server, trusted.client(null)))
                .hasRootCauseInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void aServerMayAskForTheCertificateOfItsClient(ServerBinary binary) throws Exception {
        Certificates.Identity user = certificates.valid("email:user@localhost");
        try (NatsServer server = NatsServer.start(binary, certificates.server(local, "verify: true, timeout: 5"))) {
            assertWorks(server, options -> options.sslContext(certificates.client(user)));
            assertThat(handshake(server, certificates.client(user))).isIn("PONG", "INFO");
            assertThatThrownBy(() -> handshake(server, certificates.client(null)))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void newerServersMayBeginWithTheHandshake(ServerBinary binary) throws Exception {
        String block = certificates.server(local, "handshake_first: true, timeout: 5");
        if (!binary.isAtLeast("2.10.4")) {
            assertThatThrownBy(() -> NatsServer.start(binary, block)).hasMessageContaining("handshake_first");
            return;
        }
        try (NatsServer server = NatsServer.start(binary, block)) {
            assertWorks(server, options -> options.tlsFirst().sslContext(certificates.client(null)));
        }
    }
}
