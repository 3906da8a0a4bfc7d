package io.leasehold.nats.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.Threads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The proxy does to bytes what it says, and nothing else. */
class FaultProxyIT {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration SOON = Duration.ofMillis(100);

    /** What is prompt comes sooner, also on a machine that stands still for a second. */
    private static final long DELAY_NANOS = TimeUnit.SECONDS.toNanos(3);

    private ServerSocket listener;
    private FaultProxy proxy;
    private Socket client;
    private Socket server;

    @BeforeEach
    void connect() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        listener.setSoTimeout((int) LIMIT.toMillis());
        proxy = FaultProxy.to(listener.getLocalPort());
        client = open();
        server = take();
    }

    @AfterEach
    void disconnect() throws IOException {
        client.close();
        server.close();
        listener.close();
        proxy.close();
        Threads.await("no connection is left", LIMIT, () -> proxy.connections() == 0);
    }

    private Socket open() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout((int) LIMIT.toMillis());
        socket.setTcpNoDelay(true);
        return socket;
    }

    private Socket take() throws IOException {
        Socket socket = listener.accept();
        socket.setSoTimeout((int) LIMIT.toMillis());
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void assertRead(Socket socket, String text) throws IOException {
        byte[] read = socket.getInputStream().readNBytes(text.length());
        assertThat(new String(read, StandardCharsets.US_ASCII)).isEqualTo(text);
    }

    private static void assertNothingComes(Socket socket) throws IOException {
        socket.setSoTimeout((int) SOON.toMillis());
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout((int) LIMIT.toMillis());
    }

    private static void assertEnds(Socket socket) throws IOException {
        try {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    @Test
    void withoutRulesBytesGoBothWaysAndAreCounted() throws IOException {
        write(client, "question");
        assertRead(server, "question");
        write(server, "answers");

        assertRead(client, "answers");
        assertThat(proxy.bytes(Direction.TO_SERVER)).isEqualTo(8);
        assertThat(proxy.bytes(Direction.TO_CLIENT)).isEqualTo(7);
        assertThat(proxy.connections()).isEqualTo(1);
    }

    @Test
    void anEndArrivesAfterTheBytesBeforeItAndEachWayByItself() throws IOException {
        proxy.delay(Direction.TO_SERVER, SOON);
        write(client, "last");
        client.shutdownOutput();
        assertRead(server, "last");
        assertThat(server.getInputStream().read()).isEqualTo(-1);
        write(server, "still there");

        assertRead(client, "still there");
    }

    @Test
    void aDelayKeepsTheOrderAndTheOtherWayIsPrompt() throws IOException {
        proxy.delay(Direction.TO_SERVER, Duration.ofNanos(DELAY_NANOS));
        long written = System.nanoTime();
        write(client, "one");
        write(client, "two");
        write(server, "prompt");

        assertRead(client, "prompt");
        assertThat(System.nanoTime() - written).isLessThan(DELAY_NANOS);
        assertRead(server, "onetwo");
        assertThat(System.nanoTime() - written).isGreaterThanOrEqualTo(DELAY_NANOS);
    }

    @Test
    void aHoleOneWayLetsTheOtherWayThroughAndLosesNothing() throws IOException {
        proxy.hold(Direction.TO_CLIENT);
        write(server, "held");
        write(client, "through");
        assertRead(server, "through");
        assertNothingComes(client);
        proxy.release(Direction.TO_CLIENT);

        assertRead(client, "held");
    }

    @Test
    void whoDiesBehindAHoleIsNotMissed() throws IOException {
        proxy.hold(Direction.TO_SERVER);
        client.close();
        write(server, "to nobody");
        assertNothingComes(server);
        proxy.release(Direction.TO_SERVER);

        assertEnds(server);
    }

    @Test
    void whatIsUnderWayToSomebodyWhoIsGoneIsDropped() throws IOException {
        proxy.delay(Direction.TO_CLIENT, SOON);
        write(server, "under way");
        client.setSoLinger(true, 0);
        client.close();
        assertEnds(server);
        Threads.await("no connection is left", LIMIT, () -> proxy.connections() == 0);
    }

    @Test
    void throughAHoleNoConnectionIsMade() throws IOException {
        proxy.hold();
        try (Socket late = open()) {
            write(late, "late");
            listener.setSoTimeout((int) SOON.toMillis());
            assertThatThrownBy(() -> listener.accept()).isInstanceOf(SocketTimeoutException.class);
            listener.setSoTimeout((int) LIMIT.toMillis());
            proxy.release();
            try (Socket taken = take()) {
                assertRead(taken, "late");
            }
        }
    }

    @Test
    void whoWritesIntoAHoleIsSoonHeldUp() throws IOException {
        proxy.hold(Direction.TO_SERVER);
        try (SocketChannel channel =
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()))) {
            channel.configureBlocking(false);
            ByteBuffer zeros = ByteBuffer.allocate(1 << 16);
            long total = 0;
            for (long more = 1; more > 0; more = channel.write(zeros.clear())) {
                total += more;
            }
            assertThat(total).isLessThan(16 << 20);
        }
    }

    @Test
    void aResetIsSeenByBothEndsAndTheNextConnectionIsWhole() throws IOException {
        proxy.reset();
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> server.getInputStream().read()).isInstanceOf(SocketException.class);
        client = open();
        server = take();
        write(client, "again");

        assertRead(server, "again");
        assertThat(proxy.accepted()).isEqualTo(2);
    }

    @Test
    void aResetByOneEndReachesTheOther() throws IOException {
        client.setSoLinger(true, 0);
        client.close();
        assertThatThrownBy(() -> server.getInputStream().read()).isInstanceOf(SocketException.class);
    }

    @Test
    void aCutLeavesHalfAFrame() throws IOException {
        proxy.cutAfter(Direction.TO_CLIENT, 5);
        write(server, "MSG subject 1 5");

        assertRead(client, "MSG s");
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        assertThat(proxy.bytes(Direction.TO_CLIENT)).isEqualTo(5);
    }

    @Test
    void aNarrowLineTakesItsTime() throws IOException {
        proxy.limit(Direction.TO_SERVER, 10_000);
        long written = System.nanoTime();
        write(client, "x".repeat(2_000));
        assertRead(server, "x".repeat(2_000));
        // The last piece occupies the line only after it has arrived.
        assertThat(System.nanoTime() - written).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(180));
    }

    @Test
    void piecesAndDelaysAtRandomChangeNoByte() throws IOException {
        proxy.split(Direction.TO_SERVER, 7, 1);
        proxy.delay(Direction.TO_SERVER, Duration.ZERO, Duration.ofMillis(5), 1);
        byte[] bytes = new byte[20_000];
        new Random(1).nextBytes(bytes);
        client.getOutputStream().write(bytes);

        assertThat(server.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
    }

    @Test
    void whatIsMoreThanItReadsAheadArrivesToo() throws Exception {
        proxy.delay(Direction.TO_SERVER, Duration.ofMillis(100));
        byte[] bytes = new byte[16 << 20];
        new Random(2).nextBytes(bytes);
        CompletableFuture<Void> written = CompletableFuture.runAsync(() -> writeAll(bytes));
        assertThat(server.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
        written.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private void writeAll(byte[] bytes) {
        try {
            client.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theSameSeedDrawsTheSame() {
        LaneRules one = LaneRules.NONE.delayed(0, 1_000_000, 7).split(100, 7);
        LaneRules two = LaneRules.NONE.delayed(0, 1_000_000, 7).split(100, 7);
        for (int i = 0; i < 100; i++) {
            assertThat(one.drawDelayNanos()).isEqualTo(two.drawDelayNanos());
            assertThat(one.drawPiece(1_000)).isEqualTo(two.drawPiece(1_000)).isBetween(1, 100);
        }
    }

    @Test
    void whileItRefusesThereIsNobodyAndThenItIsOnTheSamePort() throws IOException {
        proxy.refuse();
        assertThatThrownBy(this::open).isInstanceOf(ConnectException.class);
        write(client, "stays");
        assertRead(server, "stays");
        proxy.accept();
        try (Socket other = open();
                Socket taken = take()) {
            write(other, "back");
            assertRead(taken, "back");
        }
    }
}
