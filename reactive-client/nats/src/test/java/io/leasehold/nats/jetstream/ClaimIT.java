package io.leasehold.nats.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.contract.TestConsumer;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.nats.NatsSettings;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.NatsServers;
import io.leasehold.nats.server.ServerBinary;
import io.leasehold.nats.server.WithServers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who holds a message is told when somebody else gets it, on whichever way is permitted. */
@WithServers
class ClaimIT {
    private static final Duration T = Duration.ofSeconds(8);

    private static NatsServer serverThatDenies(String subjects) {
        List<ServerBinary> all = NatsServers.all();
        return NatsServer.start(all.get(all.size() - 1), """
                authorization { users: [
                  { user: all, password: all },
                  { user: deaf, password: deaf, permissions: { subscribe: { deny: [%s] } } }
                ] }
                no_auth_user: all
                """.formatted(subjects));
    }

    private static NatsSettings deaf(NatsSettings settings) {
        return settings.mutate().username("deaf").password("deaf").build();
    }

    /** Somebody else gets what the deaf one holds; then it hears of it, or shows that it cannot. */
    private static void takeFromDeaf(NatsServer server, MonitorMode mode) {
        try (JetStreamRoom room = new JetStreamRoom(server.port(), server.url(), T, any -> any)) {
            BrokerSession deaf = room.open(server.url(), ClaimIT::deaf);
            TestConsumer holder = room.member(deaf, "work", 1);
            room.bench().publishAll("work", "x");
            room.bench().until("it is held", () -> holder.count() == 1);
            room.bench().until("how it hears", () -> ((PullPort) holder.port()).mode() == mode);
            if (mode == MonitorMode.NONE) {
                assertShown(deaf, mode);
                return;
            }
            String listened = mode == MonitorMode.CLAIM_SUBJECT ? SubjectClaim.PREFIX : "$JS.ACK.";
            room.bench()
                    .until(
                            "the server knows of it",
                            () -> server.monitor("/connz?subs=1").contains(listened));
            TestConsumer other = room.member(room.bench().session(), "work", 1);
            // Its server gives it to the other one, and it knows nothing of that.
            room.raw().publish(((NatsHandout) holder.last()).reply().toString(), "-NAK");
            room.bench().until("the other has it", () -> other.count() == 1);
            room.bench().until("the news", () -> isSuperseded(holder));
            if (mode == MonitorMode.CLAIM_SUBJECT) {
                assertShown(deaf, mode);
            }
            room.bench().until("it is acked", other.ack(other.last())::isOver);
        }
    }

    private static boolean isSuperseded(TestConsumer holder) {
        return holder.ends().stream()
                .anyMatch(end -> end.loss() == LeaseLoss.SUPERSEDED
                        && end.ref().equals(holder.last().ref()));
    }

    private static void assertShown(BrokerSession session, MonitorMode mode) {
        assertThat(session.health().reachable()).isTrue();
        assertThat(session.health().remarks()).singleElement().asString().contains(mode.remark());
    }

    @Test
    void whoMayHearsItOnTheAckSubjects() {
        try (NatsServer server = serverThatDenies("\"other\"")) {
            takeFromDeaf(server, MonitorMode.ACK_SUBJECTS);
        }
    }

    @Test
    void whoMayNotHearsItOnTheControlSubject() {
        try (NatsServer server = serverThatDenies("\"$JS.ACK.>\"")) {
            takeFromDeaf(server, MonitorMode.CLAIM_SUBJECT);
        }
    }

    @Test
    void whoHearsNothingShowsItInItsHealth() {
        try (NatsServer server = serverThatDenies("\"$JS.ACK.>\", \"leasehold.claims.>\"")) {
            takeFromDeaf(server, MonitorMode.NONE);
        }
    }
}
