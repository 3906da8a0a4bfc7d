package io.leasehold.nats.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.Threads;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PublishOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Runs of faults are repeatable, leave everything whole, and lose nothing that a careful client was promised. */
@WithServers
class FaultRunIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofMillis(3);
    private static final int FAULTS = 12;

    private final List<String> heard = new CopyOnWriteArrayList<>();

    private Fault noted(String name) {
        return Fault.of(name, random -> heard.add("begin " + name + random.nextInt()), () -> heard.add("end " + name));
    }

    private List<String> historyOf(long seed) {
        FaultRun run = FaultRun.start(seed, List.of(noted("a"), noted("b"), noted("c")), SHORTEST, LONGEST);
        Threads.await("20 faults", LIMIT, () -> run.history().size() >= 20);
        run.stop();
        return run.history().subList(0, 20);
    }

    @Test
    void theSameSeedDrawsTheSameFaults() {
        List<String> first = historyOf(7);
        assertThat(historyOf(7)).isEqualTo(first);
        assertThat(historyOf(8)).isNotEqualTo(first);
    }

    @Test
    void eachFaultIsEndedBeforeTheNext() {
        historyOf(1);
        assertThat(heard).hasSizeGreaterThanOrEqualTo(40);
        for (int i = 0; i < heard.size(); i++) {
            assertThat(heard.get(i)).startsWith(i % 2 == 0 ? "begin" : "end");
        }

        assertThat(heard.size() % 2).isZero();
    }

    @Test
    void aFaultThatCannotBeDoneIsToldAtTheEnd() {
        Fault broken = Fault.of(
                "broken",
                random -> {
                    throw new IllegalStateException("cannot");
                },
                () -> {});
        FaultRun run = FaultRun.start(1, List.of(broken), SHORTEST, LONGEST);
        Threads.await("a fault", LIMIT, () -> !run.history().isEmpty());

        assertThatThrownBy(run::stop).hasRootCauseMessage("cannot");
    }

    @Test
    void whatWasAnsweredIsStoredOnceWhateverHappens() throws Exception {
        try (NatsServer server = NatsServer.start(NatsServers.newest());
                FaultProxy proxy = FaultProxy.to(server.port())) {
            RawGroup group;
            try (RawNats nats = RawNats.connect(server.port())) {
                group = RawGroup.create(nats, "\"storage\":\"file\"", "\"max_deliver\":5");
            }
            List<Fault> faults = Stream.concat(Faults.ofNetwork(proxy).stream(), Faults.ofServer(server).stream())
                    .toList();
            List<Long> sequences = publishUnder(faults, proxy.url(), group.subject());
            assertThat(sequences).doesNotHaveDuplicates();
            try (RawNats nats = RawNats.connect(server.port())) {
                RawMessage info = group.through(nats).api("STREAM.INFO." + group.stream(), "");
                assertThat(info.field("messages")).contains(Integer.toString(sequences.size()));
            }
        }
    }

    private static List<Long> publishUnder(List<Fault> faults, String url, String subject) throws Exception {
        Connection connection = Nats.connect(Options.builder()
                .server(url)
                .reconnectWait(Duration.ofMillis(20))
                .maxReconnects(-1)
                .pingInterval(Duration.ofMillis(500))
                .errorListener(new ErrorListener() {})
                .build());
        FaultRun run = FaultRun.start(3, faults, Duration.ofMillis(50), Duration.ofMillis(500));
        List<Long> sequences = new ArrayList<>();
        while (run.history().size() < FAULTS) {
            sequences.add(publish(connection, subject, "m" + sequences.size()));
        }
        run.stop();
        connection.close();
        return sequences;
    }

    /** Again until it is answered: the id makes that harmless. */
    private static long publish(Connection connection, String subject, String id) {
        List<Long> answered = new ArrayList<>();
        Threads.await("an answer", LIMIT, () -> {
            try {
                PublishOptions options = PublishOptions.builder()
                        .messageId(id)
                        .streamTimeout(Duration.ofMillis(300))
                        .build();
                answered.add(connection
                        .jetStream()
                        .publish(subject, id.getBytes(StandardCharsets.UTF_8), options)
                        .getSeqno());
            } catch (IOException | JetStreamApiException | IllegalStateException lost) {
                return false;
            }
            return true;
        });
        return answered.get(0);
    }
}
