package io.leasehold.nats.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Scenario;
import io.leasehold.nats.protocol.Subject;
import java.net.SocketException;
import org.junit.jupiter.api.Test;

/** What belongs to a connection that has ended is not taken for the next one's. */
class OldEpochIT extends ConnectionRoom {
    @Test
    @Scenario(29)
    void whatAnOldConnectionStillSaysIsNotHeard() throws Exception {
        FakeServer server = fake();
        NatsConnection connection = open(to(server.address()));
        FakeServer.Peer old = server.welcome();
        HeardMessages messages = new HeardMessages();

        connection.subscribe(Subject.filter("q"), null, messages);
        String sid = old.lineOf("SUB q").replaceAll(".* ", "");
        old.send("MSG q " + sid + " 1\r\n1\r\n");
        assertThat(messages.next()).isEqualTo("q [] 1");
        connection.reconnect("test");
        heard.await("down 1");
        try {
            old.send("MSG q " + sid + " 1\r\n2\r\n");
        } catch (SocketException gone) {
            assertThat(gone).isNotNull();
        }
        FakeServer.Peer fresh = server.welcome();
        fresh.lineOf("SUB q");
        fresh.send("MSG q " + sid + " 1\r\n3\r\n");

        assertThat(messages.next()).isEqualTo("q [] 3");
    }

    @Test
    @Scenario(29)
    void whatComesBehindTheEndOfAConnectionIsNotHeard() throws Exception {
        FakeServer server = fake();
        NatsConnection connection = open(to(server.address()));
        FakeServer.Peer old = server.welcome();
        HeardMessages messages = new HeardMessages();

        connection.subscribe(Subject.filter("q"), null, messages);
        String sid = old.lineOf("SUB q").replaceAll(".* ", "");
        // In one piece, so that the client has read it all when the connection ends.
        old.send("MSG q " + sid + " 1\r\n1\r\n-ERR 'Stale Connection'\r\nMSG q " + sid + " 1\r\n2\r\n");
        assertThat(messages.next()).isEqualTo("q [] 1");
        heard.await("down 1");
        FakeServer.Peer fresh = server.welcome();
        fresh.lineOf("SUB q");
        fresh.send("MSG q " + sid + " 1\r\n3\r\n");

        assertThat(messages.next()).isEqualTo("q [] 3");
    }
}
