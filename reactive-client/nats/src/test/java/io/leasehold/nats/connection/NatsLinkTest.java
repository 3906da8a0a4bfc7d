package io.leasehold.nats.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.wire.RoundTrip;
import io.leasehold.wire.ServerAddress;
import io.leasehold.wire.ServerPool;
import io.leasehold.wire.TcpConnector;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a link does with the frames of a server, without a socket. */
class NatsLinkTest {
    private static final ServerAddress ADDRESS = new ServerAddress("one", 1, false);

    private final TestLoop loop = new TestLoop();
    private final Host host = new Host();
    private final NatsLink link = link();
    private final EmbeddedChannel channel = new EmbeddedChannel(link);

    private NatsLink link() {
        ConnectionSettings settings =
                ConnectionSettings.builder().servers(List.of(ADDRESS)).build();
        TcpConnector connector = new TcpConnector(
                loop.loop,
                settings.tls(),
                settings.timeouts(),
                new ServerPool.Entry(ADDRESS, ADDRESS.host(), false),
                1,
                false);
        RequestTable requests = new RequestTable(16, "_INBOX.x.", loop.loop, new RoundTrip());
        return new NatsLink(host, loop.loop, connector, settings, requests);
    }

    /** Whoever keeps the link. */
    private static final class Host implements LinkHost {
        private boolean welcomed;

        @Override
        public void welcomed(NatsLink fresh) {
            welcomed = true;
        }

        @Override
        public void told(NatsLink teller) {}

        @Override
        public void message(NatsLink from, MessageFrame frame) {}

        @Override
        public boolean keeps(int sid) {
            return true;
        }

        @Override
        public void complained(NatsLink from, ServerError error) {}

        @Override
        public void paused(NatsLink at) {}

        @Override
        public void ended(NatsLink gone, MessagingException reason) {}
    }

    @AfterEach
    void leave() {
        channel.finishAndReleaseAll();
        loop.close();
    }

    private void read(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    private String written() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf each = channel.readOutbound(); each != null; each = channel.readOutbound()) {
            text.append(each.toString(StandardCharsets.US_ASCII));
            each.release();
        }
        return text.toString();
    }

    private void isGreeted() throws InterruptedException {
        CountDownLatch introduced = new CountDownLatch(1);
        read("INFO " + FakeServer.INFO + "}\r\n");
        loop.loop.execute(introduced::countDown);
        assertThat(introduced.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theHandshakeEndsWithTheAnswerToThePingBehindConnect() throws Exception {
        isGreeted();
        assertThat(written()).startsWith("CONNECT {").endsWith("PING\r\n");
        assertThat(host.welcomed).isFalse();

        read("PONG\r\n");

        assertThat(host.welcomed).isTrue();
        assertThat(link.isUp()).isTrue();
    }

    @Test
    void pongsAreOwedUpToABoundAndWrittenOnce() throws Exception {
        isGreeted();
        read("PONG\r\n");
        written();

        read("PING\r\n".repeat(1_000));

        assertThat(written()).isEqualTo("PONG\r\n".repeat(NatsLink.PONGS_MAX));
        read("+OK\r\n");
        assertThat(written()).isEmpty();
    }
}
