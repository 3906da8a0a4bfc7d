package io.leasehold.nats.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.Threads;
import io.leasehold.consume.Outcome;
import io.leasehold.event.MessagingEvent;
import io.leasehold.nats.NatsBroker;
import io.leasehold.nats.jetstream.ScriptedServer.Sent;
import io.leasehold.nats.server.RawNats;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;

/** What waited for a connection until it was too late is not written. */
class SendDeadlineIT {
    private static final Duration LEASE = Duration.ofSeconds(6);

    private final ScriptedServer server = new ScriptedServer(LEASE.toNanos());
    private final MessageClient client =
            MessageClient.builder().broker(NatsBroker.connect(server.url())).build();
    private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
    private final Sinks.Empty<Void> done = Sinks.empty();

    @AfterEach
    void close() {
        client.close().block(RawNats.LIMIT);
        server.close();
    }

    @Test
    void anAckThatCouldNotLeaveBeforeItsDeadlineNeverDoes() throws IOException {
        client.consumer("S.>", ScriptedServer.GROUP, String.class)
                .leaseTime(LEASE)
                .handle(delivery -> done.asMono())
                .subscribe(outcomes::add);
        server.deliver(server.pull(0), 1);
        Threads.await("a run", RawNats.LIMIT, () -> done.currentSubscriberCount() > 0);
        List<MessagingEvent> ends = new CopyOnWriteArrayList<>();
        client.events()
                .filter(event -> event.kind() == MessagingEvent.Kind.DISCONNECTED)
                .subscribe(ends::add);
        server.leave();
        Threads.await("the end of the connection", RawNats.LIMIT, () -> !ends.isEmpty());
        done.tryEmitEmpty();
        Threads.await("its outcome", RawNats.LIMIT, () -> !outcomes.isEmpty());
        assertThat(outcomes).extracting(Outcome::kind).containsExactly(Outcome.Kind.LOST);
        int pulls = pulls(server);
        server.comeBack();
        Threads.await("a pull", RawNats.LIMIT, () -> pulls(server) > pulls);

        assertThat(server.sent()).extracting(Sent::body).doesNotContain("+ACK", "-NAK", "+TERM");
    }

    private static int pulls(ScriptedServer server) {
        return (int) server.sent().stream()
                .filter(each -> each.subject().contains("MSG.NEXT"))
                .count();
    }
}
