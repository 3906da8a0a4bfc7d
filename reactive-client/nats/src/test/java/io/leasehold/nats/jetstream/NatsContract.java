package io.leasehold.nats.jetstream;

import io.leasehold.Threads;
import io.leasehold.broker.Broker;
import io.leasehold.broker.contract.BenchClock;
import io.leasehold.broker.contract.BrokerContract;
import io.leasehold.nats.NatsBroker;
import io.leasehold.nats.NatsSettings;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.RawNats;
import java.time.Duration;
import java.time.InstantSource;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * What every broker must show, on real servers. Real time passes in it: the classes of the servers run beside each
 * other.
 */
abstract class NatsContract extends BrokerContract {
    private static final Duration LEASE = Duration.ofSeconds(6);

    // An election is over before ids are forgotten.
    private static final Duration WINDOW = Duration.ofSeconds(4);
    private static final Duration ELECTED = Duration.ofSeconds(10);

    private final int replicas;
    private PassingClock clock;

    NatsContract(int replicas) {
        this.replicas = replicas;
    }

    /** Where the client connects. */
    abstract NatsServer server();

    @Override
    protected Broker broker(Scheduler time) {
        clock = new PassingClock((VirtualTimeScheduler) time, LEASE);
        // A busy machine may be silent for long.
        Duration minute = Duration.ofMinutes(1);
        return NatsBroker.of(NatsSettings.builder()
                .servers(server().url())
                .replicas(replicas)
                .maxAge(Duration.ofHours(1))
                .duplicateWindow(window())
                .pingEvery(minute)
                .pongTimeout(minute)
                .build());
    }

    @Override
    protected BenchClock clock() {
        return clock;
    }

    @Override
    protected InstantSource wallClock() {
        return InstantSource.system();
    }

    @Override
    protected Duration tolerance() {
        return Duration.ofMillis(250);
    }

    private Duration window() {
        return replicas > 1 ? ELECTED : WINDOW;
    }

    // The server forgets ids once per window, and a little later when it is busy.
    @Override
    protected Duration duplicateSlack() {
        return window().plusSeconds(2);
    }

    @Override
    protected boolean tellsOfOthers() {
        return true;
    }

    @Override
    protected boolean refusesWhatNoFilterTakes() {
        return false;
    }

    @Override
    protected int tooLargeBytes() {
        return (1 << 20) + 1;
    }

    @Override
    protected void restart(Broker broker) {
        server().restart();
    }

    @Override
    protected void deleteGroup(Broker broker, String name) {
        try (RawNats nats = RawNats.connect(server().port())) {
            nats.request("$JS.API.CONSUMER.DELETE." + stream(name) + "." + name, "");
        }
    }

    /** The stream of a group's topics. */
    static String stream(String group) {
        return group.substring(0, group.indexOf('_'));
    }

    // The thread of a connection ends a moment after its close is told.
    @Override
    protected void shutdown(Broker broker) {
        Threads.await("no connection is left", RawNats.LIMIT, () -> ownThreads().isEmpty());
    }
}
