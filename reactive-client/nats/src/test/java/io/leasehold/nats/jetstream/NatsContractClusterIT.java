package io.leasehold.nats.jetstream;

import io.leasehold.broker.Broker;
import io.leasehold.nats.server.NatsCluster;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.NatsServers;
import io.leasehold.nats.server.WithServers;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import reactor.core.scheduler.Scheduler;

/** The contract on three servers of the newest version that keep everything threefold. */
@Tag("once")
@WithServers
class NatsContractClusterIT extends NatsContract {
    private static final int REPLICAS = 3;

    private static NatsCluster cluster;
    private static boolean disturbed;

    NatsContractClusterIT() {
        super(REPLICAS);
    }

    // One that does not get healthy is made anew.
    @BeforeAll
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    static void start() {
        cluster = NatsCluster.start(NatsServers.newest());
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Override
    NatsServer server() {
        return cluster.nodes().get(0);
    }

    @Override
    protected Broker broker(Scheduler time) {
        if (disturbed) {
            cluster.awaitReady();
            disturbed = false;
        }
        return super.broker(time);
    }

    @BeforeEach
    void elects() {
        bench().electing();
    }

    /** A cluster is not restarted as a whole: the node goes that the client speaks to and that leads the group. */
    @Override
    protected void restart(Broker broker) {
        String group = bench().group("a");
        disturbed = true;
        cluster.lead(stream(group), group, server());
        server().restart();
    }

    @Override
    protected boolean restart(Broker broker, Restart how) {
        if (how != Restart.OTHER_LEADER) {
            return super.restart(broker, how);
        }

        String group = bench().group("a");
        cluster.lead(stream(group), group, server());
        cluster.lead(stream(group), group, cluster.otherThan(server()));
        return true;
    }
}
