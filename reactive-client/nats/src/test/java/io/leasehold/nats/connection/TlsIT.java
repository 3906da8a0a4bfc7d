package io.leasehold.nats.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.nats.connection.Credentials.Password;
import io.leasehold.nats.server.Certificates;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.WithServers;
import io.leasehold.wire.Secret;
import io.leasehold.wire.ServerAddress;
import io.leasehold.wire.TlsSettings;
import io.leasehold.wire.TlsSettings.Mode;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection is secured where it must be, by the right server, before anything that matters is said. */
@WithServers
class TlsIT extends ConnectionRoom {
    private static final String TLS_INFO = "INFO " + FakeServer.INFO + ",\"tls_required\":true}\r\n";
    private static final int CLIENT_HELLO = 0x16;

    private static final String NAMES = "dns:localhost,ip:127.0.0.1";
    private static final Certificates CERTIFICATES = Certificates.shared();

    private static TlsSettings trusting() {
        return DEFAULTS.mutate().trust(CERTIFICATES.authority()).build();
    }

    private static String with(Certificates.Identity identity) {
        return CERTIFICATES.server(identity, "timeout: 5");
    }

    private static String good() {
        return with(CERTIFICATES.valid(NAMES));
    }

    private static String knowingUs() {
        return CERTIFICATES.server(CERTIFICATES.valid(NAMES), "verify: true, timeout: 5");
    }

    private static ServerSocketFactory sockets(String names) {
        return CERTIFICATES.client(CERTIFICATES.valid(names)).getServerSocketFactory();
    }

    private static final TlsSettings DEFAULTS = TlsSettings.defaults(ConnectionSettings.PROTOCOL);

    private static Password canary() {
        return new Password("canary-user", Secret.of("canary"));
    }

    @Test
    void aServerThatWantsTlsGetsIt() throws Exception {
        NatsServer server = server(good());
        NatsConnection connection = up(to(server).tls(trusting()));
        connection.flush().block(LIMIT);
        connection.reconnect("test");
        heard.await("up ");
    }

    @Test
    void aServerThatKnowsUsByOurCertificate() throws Exception {
        Certificates.Identity own = CERTIFICATES.valid("dns:client.example");
        NatsServer server = server(knowingUs());
        up(to(server)
                .tls(trusting()
                        .mutate()
                        .certificate(own.certificate())
                        .key(own.key())
                        .build()));
    }

    @Test
    void aServerThatDoesNotKnowUsByOurCertificateIsNotReached() throws Exception {
        NatsServer server = server(knowingUs());
        open(to(server).tls(trusting()));
        heard.await("CONNECT_FAILED");
        assertThat(heard.all()).noneMatch(line -> line.startsWith("up "));
    }

    @Test
    void aCertificateThatNobodySignedIsRefused() throws Exception {
        NatsServer server = server(good());
        open(to(server));
        assertThat(heard.await("CONNECT_FAILED")).contains("TLS_FAILED");
    }

    @Test
    void aCertificateOfAnotherNameIsRefused() throws Exception {
        NatsServer server = server(with(CERTIFICATES.valid("dns:elsewhere.example")));
        open(to(server).tls(trusting()));
        assertThat(heard.await("CONNECT_FAILED")).contains("TLS_FAILED");
    }

    @Test
    void anExpiredCertificateIsRefused() throws Exception {
        NatsServer server = server(with(CERTIFICATES.expired(NAMES)));
        open(to(server).tls(trusting()));
        assertThat(heard.await("CONNECT_FAILED")).contains("TLS_FAILED");
        up(to(server(good())).tls(trusting()));
    }

    @Test
    void aLearntServerOfAnotherNameIsRefused() throws Exception {
        FakeServer wrong = closing(new FakeServer(sockets("dns:elsewhere.example")));
        FakeServer teller = closing(new FakeServer(sockets(NAMES)));

        open(to(teller.address()).tls(trusting().mutate().mode(Mode.FIRST).build()));
        FakeServer.Peer peer = teller.accept();
        peer.send("INFO " + FakeServer.INFO + ",\"connect_urls\":[\"localhost:"
                + wrong.address().port() + "\"]}\r\n");
        peer.lineOf("PING");
        peer.send("PONG\r\n");
        heard.await("up ");
        peer.close();
        teller.close();
        wrong.accept().rest();

        assertThat(heard.await("CONNECT_FAILED localhost")).contains("TLS_FAILED");
    }

    @Test
    void tlsBeforeAnythingElse() throws Exception {
        FakeServer server = closing(new FakeServer(sockets(NAMES)));
        NatsConnection connection = open(
                to(server.address()).tls(trusting().mutate().mode(Mode.FIRST).build()));
        FakeServer.Peer peer = server.welcome();

        heard.await("up ");
        connection.write(UnansweredPublish.of("q", "x"));

        assertThat(peer.lineOf("PUB q")).isEqualTo("PUB q 1");
    }

    @Test
    void nothingIsSaidBeforeTlsWhenTheServerWantsIt() throws Exception {
        FakeServer server = fake();
        open(to(server.address()).credentials(canary()));
        FakeServer.Peer peer = server.accept();
        peer.send(TLS_INFO);
        assertThat(peer.read()).isEqualTo(CLIENT_HELLO);
        peer.send("no TLS at all\r\n");

        assertThat(heard.await("CONNECT_FAILED")).contains("TLS_FAILED");
        assertThat(peer.rest()).doesNotContain("canary").doesNotContain("CONNECT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"REQUIRED", "FIRST"})
    void aServerThatDoesNotOfferTlsIsToldNothing(Mode mode) throws Exception {
        FakeServer server = fake();
        open(to(server.address())
                .credentials(canary())
                .tls(DEFAULTS.mutate().mode(mode).build()));
        FakeServer.Peer peer = server.accept();
        peer.send("INFO " + FakeServer.INFO + "}\r\n");

        assertThat(heard.await("CONNECT_FAILED")).contains("TLS_FAILED");
        assertThat(peer.rest()).doesNotContain("canary").doesNotContain("CONNECT");
    }

    @Test
    void anAddressWithTlsIsADemand() throws Exception {
        FakeServer server = fake();
        ServerAddress plain = server.address();

        open(to(new ServerAddress(plain.host(), plain.port(), true)).credentials(canary()));
        FakeServer.Peer peer = server.accept();
        peer.send("INFO " + FakeServer.INFO + "}\r\n");

        assertThat(heard.await("CONNECT_FAILED")).contains("TLS_FAILED");
        assertThat(peer.rest()).isEmpty();
    }

    @Test
    void whoWasTalkedToUnderTlsIsNotTalkedToInPlain() throws Exception {
        NatsServer secure = server(good());
        NatsConnection connection = up(to(secure).tls(trusting()));
        int port = secure.port();

        secure.close();
        heard.await("down ");
        FakeServer plain = closing(FakeServer.at(port));
        FakeServer.Peer peer = plain.accept();
        peer.send("INFO " + FakeServer.INFO + "}\r\n");

        // As long as nobody listened there, it could not be connected to.
        heard.await("CONNECT_FAILED", "TLS_FAILED");
        assertThat(peer.rest()).isEmpty();
        assertThat(connection.epoch()).isEqualTo(1);
    }

    @Test
    void ofWhereElseToGoOnlyWhatWasSaidUnderTlsCounts() throws Exception {
        FakeServer server = fake();
        FakeServer stranger = fake();

        NatsConnection connection = open(to(server.address())
                .credentials(canary())
                .tls(trusting().mutate().mode(Mode.REQUIRED).build()));
        FakeServer.Peer peer = server.accept();
        String told = ",\"ldm\":true,\"connect_urls\":[\"" + stranger.address() + "\"]}\r\n";
        peer.send("INFO " + FakeServer.INFO + ",\"tls_required\":true" + told);
        peer.secure(CERTIFICATES.client(CERTIFICATES.valid(NAMES)));
        peer.lineOf("PING");
        peer.send("PONG\r\n");
        heard.await("up ");
        assertThat(connection.server().told()).isEmpty();
        assertThat(connection.server().isLeaving()).isFalse();
        peer.send("INFO " + FakeServer.INFO + ",\"connect_urls\":[\"127.0.0.1:9\"]}\r\n");
        peer.close();
        heard.await("CONNECT_FAILED 127.0.0.1:9");

        assertThat(stranger.acceptSoon()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PONG\r\n", "PO", "MSG q 1 1\r\nx\r\n", "INFO {\"headers\":true}\r\n"})
    void whatStandsBehindTheGreetingInPlainIsNotTaken(String injected) throws Exception {
        FakeServer server = fake();
        open(to(server.address()).credentials(canary()));
        FakeServer.Peer peer = server.accept();
        peer.send(TLS_INFO + injected);

        assertThat(heard.await("CONNECT_FAILED")).contains("PROTOCOL");
        assertThat(peer.rest()).doesNotContain("canary");
    }

    @Test
    void aPasswordIsNotSentInPlainToAServerThatWeWereToldOf() throws Exception {
        FakeServer configured = fake();
        FakeServer learnt = fake();

        open(to(configured.address()).credentials(canary()));
        FakeServer.Peer peer = configured.welcome();
        heard.await("up ");
        peer.send("INFO " + FakeServer.INFO + ",\"connect_urls\":[\"" + learnt.address() + "\"]}\r\n");
        peer.close();
        configured.close();
        FakeServer.Peer stranger = learnt.accept();
        stranger.send("INFO " + FakeServer.INFO + "}\r\n");

        assertThat(heard.await("CONNECT_FAILED " + learnt.address())).contains("TLS_FAILED");
        assertThat(stranger.rest()).isEmpty();
    }
}
