package io.leasehold.nats.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.Scenario;
import io.leasehold.error.ErrorCode;
import io.leasehold.nats.protocol.DecoderLimits;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.nats.protocol.Subject;
import io.leasehold.wire.ConnectionState;
import io.leasehold.wire.Timeouts;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A server that lies, floods, stalls or says nothing costs us one connection, never more. */
class HostileServerIT extends ConnectionRoom {
    private static final byte[] NOTHING = new byte[0];
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FakeServer server = fake();

    private VirtualTimeScheduler virtual() {
        VirtualTimeScheduler virtual = VirtualTimeScheduler.create();
        onTime(virtual);
        return virtual;
    }

    /** Has time pass as fast as the connection can follow. */
    private static void pass(VirtualTimeScheduler virtual, NatsConnection connection, Duration time) {
        virtual.advanceTimeBy(time);
        turn(connection);
    }

    /** Else a server that answers at once would be told to a listener that is still being made. */
    @Test
    void nobodyIsDialledBeforeItIsToConnect() throws Exception {
        NatsConnection connection = made(to(server.address()).build());
        turn(connection);
        assertThat(server.acceptSoon()).isNull();

        connection.connect();

        server.welcome();
        heard.await("up ");
    }

    private static Stream<String> nonsense() {
        return Stream.of(
                "HTTP/1.1 400 Bad Request\r\n\r\n",
                "INFO {\r\n",
                "INFO []\r\n",
                "INFO {\"headers\":true} {}\r\n",
                "INFO {\"headers\":true,\"headers\":true}\r\n",
                "INFO " + "[".repeat(5_000) + "\r\n",
                "INFO {\"connect_urls\":[\"a\"\r\n",
                "MSG q 1 3\r\nabc\r\n",
                "PING\r\n",
                "PONG\r\n");
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void nonsenseInPlaceOfAGreetingEndsTheConnection(String greeting) throws Exception {
        open(to(server.address()));
        server.accept().send(greeting);
        assertThat(heard.await("CONNECT_FAILED")).contains("PROTOCOL");
        server.welcome();
        heard.await("up ");
    }

    @ParameterizedTest
    @MethodSource("io.leasehold.nats.connection.HostileServerIT#lies")
    @Scenario(21)
    void aLieAmongMessagesEndsTheConnectionAndTheNextOneIsGood(String lie) throws Exception {
        NatsConnection connection = open(to(server.address())
                .inbound(DecoderLimits.builder()
                        .lineBytes(4_096)
                        .messageBytes(1_024)
                        .build())
                .pendingBytes(1 << 20)
                .requests(16)
                .subscriptions(16));
        server.welcome().send(lie);
        assertThat(heard.await("down 1")).contains("PROTOCOL");
        server.welcome();
        heard.await("up 2");

        assertThat(connection.state()).isEqualTo(ConnectionState.UP);
    }

    static Stream<String> lies() {
        return Stream.of(
                "MSG q 1 2147483647\r\n",
                "MSG q 1 1025\r\n",
                "MSG q 1 -1\r\n",
                "MSG q 1 +3\r\nabc\r\n",
                "MSG q 1 99999999999999999999\r\n",
                "MSG q 1 18446744073709551619\r\nabc\r\n",
                "MSG q 1 1e2\r\n",
                "MSG q 1\r\n",
                "MSG q one 3\r\nabc\r\n",
                "MSG q -1 3\r\nabc\r\n",
                "MSG q 1 a b 3\r\nabc\r\n",
                "HMSG q 1 9 8\r\n",
                "HMSG q 1 -1 8\r\n",
                "HMSG q 1 4294967297 4294967298\r\n",
                "HMSG q 1 8\r\n",
                "MSG q 1 3\r\nabcdef\r\n",
                "MSG q\rPUB 1 3\r\nabc\r\n",
                "x".repeat(5_000),
                "INFO nothing\r\n");
    }

    @Test
    void messagesForNobodyAreNotGivenToSomebody() throws Exception {
        NatsConnection connection = open(to(server.address()));
        FakeServer.Peer peer = server.welcome();
        HeardMessages messages = new HeardMessages();

        connection.subscribe(Subject.filter("q"), null, messages);
        String sid = peer.lineOf("SUB q ").substring("SUB q ".length());
        int number = Integer.parseInt(sid);
        for (int other : List.of(0, number + 1, number + (1 << 17), 999_999_999)) {
            peer.send("MSG q " + other + " 3\r\nbad\r\n");
        }
        peer.send("MSG q " + number + " 4\r\ngood\r\n");

        assertThat(messages.next()).isEqualTo("q [] good");
    }

    @Test
    void answersThatBelongToNobodyEndNoRequest() throws Exception {
        NatsConnection connection = open(to(server.address()));
        FakeServer.Peer peer = server.welcome();
        String sid = peer.lineOf("SUB ").replaceAll(".* ", "");
        Heard<MessageFrame> answer = Heard.of(connection.ask(Subject.of("q"), null, NOTHING, LIMIT));
        String reply = peer.lineOf("PUB q ").split(" ")[2];
        String root = reply.substring(0, reply.length() - 16);

        for (String wrong : List.of(
                root + "0000000000000002",
                root + "00001" + "00000000001",
                root + "fffff00000000001",
                root + "zz",
                root,
                reply + "0",
                reply.replace('0', 'g'))) {
            peer.send("MSG " + wrong + " " + sid + " 3\r\nbad\r\n");
        }
        peer.send("MSG " + reply + " " + sid + " 4\r\ngood\r\n");
        peer.send("MSG " + reply + " " + sid + " 5\r\nagain\r\n");
        for (int i = 0; i < 8; i++) {
            heard.await("LATE_ANSWER");
        }

        assertThat(answer.values()).extracting(HeardMessages::body).containsExactly("good");
    }

    @Test
    @Scenario(3)
    void aLateAnswerIsNotGivenToTheNextRequestInItsSlot() throws Exception {
        NatsConnection connection = open(to(server.address()));
        FakeServer.Peer peer = server.welcome();
        String sid = peer.lineOf("SUB ").replaceAll(".* ", "");
        Heard<MessageFrame> first = Heard.of(connection.ask(Subject.of("q"), null, NOTHING, LIMIT));
        String late = peer.lineOf("PUB q ").split(" ")[2];

        first.cancel();
        while (connection.openRequests() > 0) {
            Thread.onSpinWait();
        }
        Heard<MessageFrame> second = Heard.of(connection.ask(Subject.of("q"), null, NOTHING, LIMIT));
        String reply = peer.lineOf("PUB q ").split(" ")[2];
        assertThat(slot(reply)).isEqualTo(slot(late));
        peer.send("MSG " + late + " " + sid + " 4\r\nlate\r\nMSG " + reply + " " + sid + " 4\r\ngood\r\n");
        heard.await("LATE_ANSWER");
        connection.reconnect("the test wants to see all of it");
        heard.await("down 1");

        assertThat(second.values()).extracting(HeardMessages::body).containsExactly("good");
        assertThat(first.values()).isEmpty();
    }

    private static String slot(String reply) {
        return reply.substring(reply.length() - 16, reply.length() - 11);
    }

    @Test
    void aServerThatSaysNothingIsGivenUpInTime() throws Exception {
        VirtualTimeScheduler virtual = virtual();
        open(to(server.address()));
        FakeServer.Peer silent = server.accept();
        heard.awaitWhile(() -> virtual.advanceTimeBy(SECOND), "CONNECT_FAILED");

        assertThat(silent.rest()).isEmpty();
    }

    @Test
    void aServerThatNeverWelcomesUsIsGivenUpInTime() throws Exception {
        VirtualTimeScheduler virtual = virtual();
        open(to(server.address()));
        FakeServer.Peer peer = server.accept();
        peer.send("INFO " + FakeServer.INFO + "}\r\n");

        assertThat(peer.line()).startsWith("CONNECT");
        assertThat(heard.awaitWhile(() -> virtual.advanceTimeBy(SECOND), "CONNECT_FAILED"))
                .contains("did not welcome us");
    }

    @Test
    void aServerThatStopsAnsweringIsGivenUpInTime() throws Exception {
        VirtualTimeScheduler virtual = virtual();
        NatsConnection connection = open(to(server.address()).timeouts(Timeouts.defaults(ConnectionSettings.PROTOCOL)));
        server.welcome();
        heard.await("up 1");

        assertThat(heard.awaitWhile(() -> pass(virtual, connection, Duration.ofMillis(100)), "down 1"))
                .contains("does not answer");
        assertThat(Duration.ofMillis(virtual.now(TimeUnit.MILLISECONDS))).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void aServerThatAnswersIsKept() throws Exception {
        VirtualTimeScheduler virtual = virtual();
        NatsConnection connection = open(to(server.address()).timeouts(Timeouts.defaults(ConnectionSettings.PROTOCOL)));
        FakeServer.Peer peer = server.welcome();

        heard.await("up 1");
        assertThat(peer.line()).startsWith("SUB ");
        for (int i = 0; i < 10; i++) {
            while (!peer.hasLine()) {
                pass(virtual, connection, Duration.ofMillis(100));
            }
            assertThat(peer.line()).isEqualTo("PING");
            peer.send("PONG\r\n-ERR 'Invalid Subject'\r\n");
            heard.await("SERVER_COMPLAINED");
        }

        assertThat(connection.epoch()).isEqualTo(1);
    }

    /** Small buffers to a server that nobody reads at, by NIO: where there is epoll the kernel would end it as well. */
    private ConnectionSettings.Builder stubborn(Duration pongTimeout, Duration writeTimeout) {
        return to(server.address())
                .timeouts(Timeouts.builder(ConnectionSettings.PROTOCOL)
                        .connectTimeout(LIMIT)
                        .pingEvery(LIMIT)
                        .pongTimeout(pongTimeout)
                        .writeTimeout(writeTimeout)
                        .closeTimeout(SECOND)
                        .build())
                .nativeTransport(false)
                .pendingBytes(1 << 20)
                .requests(64)
                .subscriptions(64);
    }

    @Test
    @Scenario({24, 27})
    void aServerThatDoesNotReadIsGivenUpAndHoldsUpNobody() throws Exception {
        NatsConnection connection = open(stubborn(SECOND.multipliedBy(2), LIMIT));
        FakeServer.Peer peer = server.welcome();
        heard.await("up 1");
        HeardMessages messages = new HeardMessages();
        connection.subscribe(Subject.filter("in"), null, messages);
        String sid = peer.lineOf("SUB in").replaceAll(".* ", "");
        // What the kernels take, they may take late.
        do {
            fill(connection);
            peer.send("MSG in " + sid + " 4\r\nread\r\n");
            assertThat(messages.next()).isEqualTo("in [] read");
        } while (heard.isSoon("writable") || connection.pendingBytes() < 1L << 19);
        assertThat(connection.pendingBytes()).isLessThanOrEqualTo(1L << 20);
        peer.send("PING\r\n");
        assertThat(heard.await("down 1")).contains("does not answer");
        FakeServer.Peer next = server.accept();
        next.welcome();
        heard.await("up 2");
        assertThat(next.lineOf("PUB q ")).isEqualTo("PUB q 60000");
        next.close();
    }

    @Test
    @Scenario(24)
    void whatStaysInOurOwnBuffersShowsItToo() throws Exception {
        NatsConnection connection = open(stubborn(LIMIT, SECOND));
        FakeServer.Peer peer = server.accept();
        peer.welcome(FakeServer.INFO.replaceAll("\"max_payload\":\\d+", "\"max_payload\":67108864"));
        heard.await("up 1");
        connection.write(new UnansweredPublish("q", new byte[48 << 20]));
        assertThat(heard.await("down 1")).contains("does not read");
        peer.close();
    }

    @Test
    void aServerThatDoesNotAnswerTheLastFlushIsLeftInTime() throws Exception {
        VirtualTimeScheduler virtual = virtual();
        NatsConnection connection = open(to(server.address()));
        FakeServer.Peer peer = server.welcome();
        heard.await("up 1");
        Heard<MessageFrame> open = Heard.of(connection.ask(Subject.of("q"), null, NOTHING, Duration.ofHours(1)));
        peer.lineOf("PUB q");
        connection.close();
        peer.line();
        assertThat(peer.line()).isEqualTo("PING");
        heard.awaitWhile(() -> virtual.advanceTimeBy(Duration.ofMillis(500)), "closed CLOSED");
        assertThat(open.code()).isEqualTo(ErrorCode.UNKNOWN);
        connection.close().block(LIMIT);
    }

    @Test
    @Scenario(19)
    void aRequestThatIsNotAnsweredEndsUnknownInItsTime() throws Exception {
        VirtualTimeScheduler virtual = virtual();
        NatsConnection connection = open(to(server.address()));
        FakeServer.Peer peer = server.welcome();
        NotedRequest request = new NotedRequest("q", Duration.ofSeconds(10).toNanos());
        NotedRequest forgotten = new NotedRequest("f", Duration.ofSeconds(10).toNanos());

        connection.write(request);
        connection.write(forgotten);
        peer.lineOf("PUB f");
        connection.forget(forgotten);
        long before = virtual.now(TimeUnit.MILLISECONDS);
        while (request.ends.isEmpty()) {
            pass(virtual, connection, Duration.ofMillis(100));
            peer.send("-ERR 'Invalid Subject'\r\n");
            heard.await("SERVER_COMPLAINED");
        }

        assertThat(request.ends).containsExactly("failed UNKNOWN");
        assertThat(virtual.now(TimeUnit.MILLISECONDS) - before).isBetween(10_000L, 10_400L);
        assertThat(forgotten.ends).isEmpty();
        assertThat(connection.openRequests()).isZero();
    }

    @Test
    void aQuestionThatCouldNotBeWrittenEndsAsSuch() throws Exception {
        VirtualTimeScheduler virtual = virtual();
        NatsConnection connection = open(to(server.address()));
        Heard<MessageFrame> never = Heard.of(connection.ask(Subject.of("q"), null, NOTHING, SECOND));

        server.accept();
        virtual.advanceTimeBy(SECOND);

        assertThat(never.code()).isEqualTo(ErrorCode.DISCONNECTED);
    }

    private static void fill(NatsConnection connection) {
        UnansweredPublish last;
        do {
            last = new UnansweredPublish("q", new byte[60_000]);
            connection.write(last);
        } while (!last.refusal.isDone());
        assertThat(last.refusal).isCompletedWithValue(ErrorCode.CONNECTION_FULL);
    }

    @Test
    void aFloodOfPingsCostsNoMemory() throws Exception {
        open(to(server.address()));
        FakeServer.Peer peer = server.welcome();
        heard.await("up 1");
        String pings = "PING\r\n".repeat(10_000);
        for (int i = 0; i < 50; i++) {
            peer.send(pings);
        }

        assertThat(peer.lineOf("PONG")).isEqualTo("PONG");
    }

    @Test
    @Scenario(23)
    void endsAtAnyMomentAreSurvived() throws Exception {
        open(to(server.address()));
        server.accept().close();
        heard.await("CONNECT_FAILED");
        server.accept().reset();
        heard.await("CONNECT_FAILED");
        FakeServer.Peer greeting = server.accept();
        greeting.send("INFO {\"serv");
        greeting.close();
        heard.await("CONNECT_FAILED");
        FakeServer.Peer welcoming = server.welcome();
        heard.await("up ");
        welcoming.send("MSG q 1 10\r\nabc");
        welcoming.reset();
        assertThat(heard.await("down ")).contains("DISCONNECTED");
        server.welcome();
        heard.await("up ");
    }

    @Test
    void aConnectUrlThatIsNoneIsNotFollowed() throws Exception {
        open(to(server.address()));
        FakeServer.Peer peer = server.accept();
        peer.send("INFO " + FakeServer.INFO
                + ",\"connect_urls\":[\"user:secret@evil:1\",\"x y\",\"http://evil:1\",\"::::\",\"\",7,null,{}]}\r\n");
        peer.lineOf("PING");
        peer.send("PONG\r\n");
        heard.await("up ");
        peer.close();
        server.welcome();
        heard.await("up ");

        assertThat(heard.all()).noneMatch(line -> line.contains("secret") || line.contains("evil"));
    }

    @Test
    void aFatalComplaintIsTheReasonOfTheEnd() throws Exception {
        open(to(server.address()));
        FakeServer.Peer peer = server.welcome();
        heard.await("up 1");
        peer.send("-ERR 'Stale Connection'\r\n");

        assertThat(heard.await("down 1")).contains("Stale Connection");
    }

    @Test
    void aHarmlessComplaintIsToldAndTheConnectionStays() throws Exception {
        NatsConnection connection = open(to(server.address()));
        FakeServer.Peer peer = server.welcome();
        peer.send("-ERR 'Invalid Publish Subject'\r\n");

        assertThat(heard.await("SERVER_COMPLAINED")).contains("Invalid Publish Subject");
        assertThat(connection.state()).isEqualTo(ConnectionState.UP);
    }

    @Test
    @Scenario(20)
    void aServerWithoutHeadersIsRefusedByName() throws Exception {
        open(to(server.address()));
        server.accept().send("INFO {\"server_id\":\"OLD\",\"version\":\"2.1.0\"}\r\n");
        assertThat(heard.await("CONNECT_FAILED")).contains("REFUSED").contains("2.1.0");
    }

    @Test
    void whatIsSaidInLogsHasNoLineEnds() throws Exception {
        open(to(server.address()));
        FakeServer.Peer peer = server.welcome();
        peer.send("-ERR 'Invalid Subject \u001b[31m\tred'\r\n");
        assertThat(heard.await("SERVER_COMPLAINED")).doesNotContain("\u001b").doesNotContain("\t");
    }
}
