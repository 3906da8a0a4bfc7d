package io.leasehold.nats.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.Scenario;
import io.leasehold.error.ErrorCode;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.nats.protocol.Subject;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.WithServers;
import io.leasehold.pace.Backoff;
import io.leasehold.wire.ConnectionState;
import io.leasehold.wire.Timeouts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What goes on over connections, and what ends with one. */
@WithServers
class ReconnectIT extends ConnectionRoom {
    private static final byte[] NOTHING = new byte[0];
    private static final String MEMBER = """
            server_name: %s
            jetstream: disabled
            cluster { name: c, listen: "127.0.0.1:-1", %s }
            """;

    @Test
    void subscriptionsSurviveAServerThatIsKilled() throws Exception {
        NatsServer first = server();
        NatsConnection connection = up(to(first));
        HeardMessages messages = new HeardMessages();
        Subscription gone = connection.subscribe(Subject.filter("q"), null, new HeardMessages());

        connection.subscribe(Subject.filter("q"), null, messages);
        connection.flush().block(LIMIT);
        first.kill();
        assertThat(heard.await("down 1")).contains("DISCONNECTED");
        gone.cancel();
        connection.write(UnansweredPublish.of("q", "given while there was no server"));
        first.start();
        heard.await("up ");
        assertThat(messages.next()).isEqualTo("q [] given while there was no server");
        connection.flush().block(LIMIT);

        assertThat(messages.isEmpty()).isTrue();
    }

    @Test
    void subscriptionsKeepTheirNumbers() throws Exception {
        FakeServer server = fake();
        NatsConnection connection = open(to(server.address()));
        FakeServer.Peer first = server.welcome();

        connection.subscribe(Subject.filter("a"), null, new HeardMessages());
        connection.subscribe(Subject.filter("b"), Subject.queue("g"), new HeardMessages());
        List<String> before = List.of(first.lineOf("SUB _INBOX"), first.lineOf("SUB a"), first.lineOf("SUB b g"));
        first.close();
        FakeServer.Peer second = server.welcome();
        List<String> after = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            after.add(second.lineOf("SUB "));
        }

        assertThat(after).isEqualTo(before);
    }

    @Test
    @Scenario(29)
    void requestsInFlightEndUnknownAndTheirLateAnswersAreIgnored() throws Exception {
        FakeServer server = fake();
        NatsConnection connection = open(to(server.address()));
        FakeServer.Peer first = server.welcome();
        Heard<MessageFrame> request = Heard.of(connection.ask(Subject.of("q"), null, NOTHING, LIMIT));
        Heard<Void> flush = Heard.of(connection.flush());
        String reply = first.lineOf("PUB q").split(" ")[2];

        first.reset();
        heard.await("down 1");
        assertThat(request.code()).isEqualTo(ErrorCode.UNKNOWN);
        assertThat(flush.code()).isEqualTo(ErrorCode.DISCONNECTED);
        FakeServer.Peer second = server.welcome();
        String sid = second.lineOf("SUB _INBOX").replaceAll(".* ", "");
        second.send("MSG " + reply + " " + sid + " 3\r\nold\r\n");
        heard.await("LATE_ANSWER");

        assertThat(request.values()).isEmpty();
    }

    @Test
    void requestsThatWereNotWrittenWaitForTheNextConnection() throws Exception {
        FakeServer server = fake();
        NatsConnection connection = open(to(server.address()));
        Heard<MessageFrame> request = Heard.of(connection.ask(Subject.of("q"), null, NOTHING, LIMIT));

        server.accept().close();
        FakeServer.Peer peer = server.welcome();
        String sid = peer.lineOf("SUB _INBOX").replaceAll(".* ", "");
        String reply = peer.lineOf("PUB q").split(" ")[2];
        peer.send("MSG " + reply + " " + sid + " 4\r\ngood\r\n-ERR 'Invalid Subject'\r\n");
        heard.await("SERVER_COMPLAINED");

        assertThat(request.values()).extracting(HeardMessages::body).containsExactly("good");
    }

    @Test
    void whatClosedItsGateMeanwhileIsNotWritten() throws Exception {
        FakeServer server = fake();
        NatsConnection connection = open(to(server.address()));

        Heard.of(connection.ask(Subject.of("cancelled"), null, NOTHING, LIMIT)).cancel();
        UnansweredPublish expired = UnansweredPublish.of("expired", "x");
        connection.write(expired);
        connection.write(UnansweredPublish.of("held", "x"));
        expired.gate = false;
        FakeServer.Peer peer = server.welcome();
        peer.lineOf("SUB ");

        assertThat(peer.line()).isEqualTo("PUB held 1");
        assertThat(expired.encoded).isFalse();
    }

    @Test
    void theNextServerOfThePoolIsTakenAtOnce() throws Exception {
        NatsServer one = server();
        NatsServer two = server();
        NatsConnection connection = up(to(one, two));
        NatsServer present = serverOf(one, two);

        present.close();
        heard.await("down 1");
        heard.await("up ");

        assertThat(connection.state()).isEqualTo(ConnectionState.UP);
    }

    private NatsServer serverOf(NatsServer one, NatsServer two) {
        boolean first = heard.all().stream().anyMatch(line -> line.startsWith("CONNECTED " + address(one)));
        return first ? one : two;
    }

    @Test
    void aServerThatIsFrozenIsLeftForAnother() throws Exception {
        NatsServer one = server();
        NatsServer two = server();
        Duration soon = Duration.ofMillis(200);
        Timeouts impatient = PATIENT.mutate()
                .connectTimeout(LIMIT)
                .pingEvery(soon)
                .pongTimeout(soon)
                .writeTimeout(LIMIT)
                .closeTimeout(LIMIT)
                .reconnect(Backoff.fixed(Duration.ofMillis(10)))
                .build();
        up(to(one, two).timeouts(impatient));
        NatsServer present = serverOf(one, two);
        present.freeze();
        assertThat(heard.await("down ")).contains("does not answer");
        assertThat(heard.await("CONNECTED")).doesNotContain(address(present).toString());
        present.thaw();
    }

    @Test
    void aClusterTellsOfItsServers() throws Exception {
        NatsServer first = server(MEMBER.formatted("a", ""));
        NatsConnection connection = up(to(first));
        NatsServer second = server(MEMBER.formatted("b", "routes: [ \"nats://127.0.0.1:" + routePort(first) + "\" ]"));

        while (connection.server().told().size() < 2) {
            connection.flush().block(LIMIT);
        }
        first.close();
        heard.await("down ");

        assertThat(heard.await("CONNECTED")).contains(address(second).toString());
        assertThat(connection.server().cluster()).isEqualTo("c");
    }

    private static String routePort(NatsServer server) {
        String listening = "Listening for route connections on 127.0.0.1:";
        server.awaitLog(listening);
        String line = server.log().stream()
                .filter(each -> each.contains(listening))
                .findFirst()
                .orElseThrow();
        return line.substring(line.indexOf(listening) + listening.length());
    }

    @Test
    void reconnectIsDoneOnDemand() throws Exception {
        NatsConnection connection = up(to(server()));
        connection.reconnect("somebody\r\nasked");
        assertThat(heard.await("down 1")).contains("somebody??asked");
        heard.await("up ");
    }

    @Test
    void abortThrowsAwayWhatIsUnderWay() throws Exception {
        FakeServer server = fake();
        NatsConnection connection = open(to(server.address()));
        FakeServer.Peer peer = server.welcome();

        heard.await("up ");
        connection.abort("a nak must not arrive any more");
        heard.await("down 1");

        assertThat(peer.isReset()).isTrue();
    }

    @Test
    void failingFastGivesUpAfterOneRound() throws Exception {
        FakeServer closed = new FakeServer();
        closed.close();
        NatsConnection connection = open(to(closed.address()).failFast(true));
        Heard<Void> ready = Heard.of(connection.ready());

        assertThat(heard.await("closed")).contains("DISCONNECTED");
        assertThat(ready.code()).isEqualTo(ErrorCode.DISCONNECTED);
        assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
    }

    @Test
    void aServerThatComesLaterIsFound() throws Exception {
        NatsServer server = server();
        server.kill();
        NatsConnection connection = open(to(server));
        heard.await("CONNECT_FAILED");
        server.start();
        connection.ready().block(LIMIT);
    }

    @Test
    void aServerThatThrowsOutIsNotStormed() throws Exception {
        VirtualTimeScheduler virtual = VirtualTimeScheduler.create();
        onTime(virtual);
        FakeServer server = fake();
        Backoff slow = Backoff.builder()
                .first(Duration.ofSeconds(1))
                .max(Duration.ofSeconds(64))
                .jitter(0)
                .build();
        open(to(server.address()).timeouts(PATIENT.mutate().reconnect(slow).build()));
        server.welcome().close();
        heard.await("down ");
        for (int second = 1; second <= 8; second *= 2) {
            long before = virtual.now(TimeUnit.MILLISECONDS);
            FakeServer.Peer[] next = new FakeServer.Peer[1];
            while (next[0] == null) {
                virtual.advanceTimeBy(Duration.ofMillis(100));
                next[0] = server.acceptSoon();
            }
            assertThat(virtual.now(TimeUnit.MILLISECONDS) - before).isGreaterThanOrEqualTo(second * 1_000L);
            next[0].welcome();
            next[0].close();
            heard.await("down ");
        }
    }

    @Test
    void learntServersAreUsedUnlessThatIsSwitchedOff() throws Exception {
        FakeServer configured = fake();
        FakeServer learnt = fake();
        open(to(configured.address()));
        FakeServer.Peer peer = configured.welcome();
        heard.await("up ");
        peer.send("INFO " + FakeServer.INFO + ",\"connect_urls\":[\"" + learnt.address() + "\"]}\r\n");
        peer.close();
        configured.close();
        learnt.welcome();
        heard.await("up ");
    }

    @Test
    void aServerThatLeavesIsLeftForAnotherWithoutAGap() throws Exception {
        FakeServer leaving = fake();
        FakeServer staying = fake();
        NatsConnection connection = open(to(leaving.address()));
        FakeServer.Peer old = leaving.welcome();

        heard.await("up 1");
        old.send("INFO " + FakeServer.INFO + ",\"ldm\":true,\"connect_urls\":[\"" + staying.address() + "\"]}\r\n");
        heard.await("leaving");
        FakeServer.Peer fresh = staying.accept();
        assertThat(connection.state()).isEqualTo(ConnectionState.UP);
        assertThat(connection.epoch()).isEqualTo(1);
        fresh.welcome();
        heard.await("up 2");
        assertThat(heard.all()).noneMatch(line -> line.startsWith("DISCONNECTED"));
        old.rest();
        connection.write(UnansweredPublish.of("q", "x"));

        assertThat(fresh.lineOf("PUB q")).isEqualTo("PUB q 1");
    }

    /** Behind one address there may be several servers, or none that listens any more. */
    @Test
    void aServerThatLeavesBehindOneAddressIsKeptUntilAnotherOneAnswersThere() throws Exception {
        FakeServer server = fake();
        NatsConnection connection = open(quicklyTo(server.address()));
        FakeServer.Peer old = server.welcome();

        heard.await("up 1");
        old.send("INFO " + FakeServer.INFO + ",\"ldm\":true}\r\n");
        heard.await("leaving");
        server.welcome();
        server.accept().close();
        heard.await("CONNECT_FAILED");
        assertThat(connection.state()).isEqualTo(ConnectionState.UP);
        assertThat(connection.epoch()).isEqualTo(1);
        server.accept().welcome(FakeServer.INFO.replace("FAKE", "ANOTHER"));
        heard.await("up ");

        assertThat(connection.server().id()).isEqualTo("ANOTHER");
        assertThat(heard.all()).noneMatch(line -> line.startsWith("DISCONNECTED"));
    }

    @Test
    void aServerThatStaysAfterAllIsNotLeft() throws Exception {
        FakeServer staying = fake();
        FakeServer other = fake();
        NatsConnection connection = open(to(staying.address()));
        FakeServer.Peer peer = staying.welcome();

        heard.await("up 1");
        String urls = ",\"connect_urls\":[\"" + other.address() + "\"]}\r\n";
        peer.send("INFO " + FakeServer.INFO + ",\"ldm\":true" + urls);
        FakeServer.Peer attempt = other.accept();
        peer.send("INFO " + FakeServer.INFO + ",\"ldm\":false" + urls);
        assertThat(attempt.rest()).isEmpty();
        connection.write(UnansweredPublish.of("q", "x"));
        peer.lineOf("PUB q");

        assertThat(connection.epoch()).isEqualTo(1);
        assertThat(connection.server().isLeaving()).isFalse();
    }

    @Test
    void aSilentServerCostsAQuarterOfASecond() throws Exception {
        FakeServer first = fake();
        FakeServer second = fake();
        VirtualTimeScheduler virtual = VirtualTimeScheduler.create();
        onTime(virtual);
        NatsConnection connection = open(to(first.address(), second.address()));
        FakeServer welcoming = otherThanTheOneThatIsDialled(first, second);

        virtual.advanceTimeBy(Duration.ofMillis(249));
        turn(connection);
        assertThat(welcoming.acceptSoon()).isNull();
        virtual.advanceTimeBy(Duration.ofMillis(1));
        welcoming.welcome();
        heard.await("up ");

        assertThat(connection.state()).isEqualTo(ConnectionState.UP);
    }

    private static FakeServer otherThanTheOneThatIsDialled(FakeServer first, FakeServer second) throws IOException {
        while (true) {
            if (first.acceptSoon() != null) {
                return second;
            }
            if (second.acceptSoon() != null) {
                return first;
            }
        }
    }

    @Test
    void closingEndsAnAttemptToLeaveToo() throws Exception {
        FakeServer leaving = fake();
        FakeServer other = fake();
        NatsConnection connection = open(to(leaving.address()));
        FakeServer.Peer old = leaving.welcome();
        heard.await("up 1");
        old.send("INFO " + FakeServer.INFO + ",\"ldm\":true,\"connect_urls\":[\"" + other.address() + "\"]}\r\n");
        FakeServer.Peer fresh = other.accept();
        connection.close();
        assertThat(fresh.rest()).isEmpty();
        old.lineOf("PING");
        old.send("PONG\r\n");
        heard.await("closed CLOSED");
        connection.close().block(LIMIT);
    }

    @Test
    void aRealServerInLameDuckModeIsLeft() throws Exception {
        NatsServer one = server("lame_duck_duration: \"30s\"", "lame_duck_grace_period: \"10s\"");
        NatsServer two = server();
        NatsConnection connection = up(to(one, two));
        NatsServer present = serverOf(one, two);

        if (present == two) {
            two.kill();
            heard.await("up ");
            two.start();
        }
        one.lameDuck();
        heard.await("leaving");
        assertThat(heard.await("CONNECTED")).contains(address(two).toString());
        heard.await("up ");

        assertThat(connection.state()).isEqualTo(ConnectionState.UP);
    }
}
