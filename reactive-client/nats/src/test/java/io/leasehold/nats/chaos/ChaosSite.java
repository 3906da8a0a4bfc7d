package io.leasehold.nats.chaos;

import io.leasehold.nats.server.Fault;
import io.leasehold.nats.server.FaultProxy;
import io.leasehold.nats.server.Faults;
import io.leasehold.nats.server.NatsCluster;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.ServerBinary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Servers, and bad networks before them: a way of its own for each client. */
final class ChaosSite implements AutoCloseable {
    private final List<NatsServer> servers;
    private final NatsCluster cluster;
    private final List<FaultProxy> proxies = new ArrayList<>();

    private ChaosSite(List<NatsServer> servers, NatsCluster cluster) {
        this.servers = servers;
        this.cluster = cluster;
    }

    static ChaosSite alone(ServerBinary binary) {
        return new ChaosSite(List.of(NatsServer.start(binary)), null);
    }

    static ChaosSite clustered(ServerBinary binary) {
        NatsCluster cluster = NatsCluster.start(binary);
        return new ChaosSite(cluster.nodes(), cluster);
    }

    boolean isCluster() {
        return cluster != null;
    }

    int replicas() {
        return isCluster() ? servers.size() : 1;
    }

    List<NatsServer> servers() {
        return servers;
    }

    /** Servers as one more client gets to them. */
    String way() {
        return servers.stream()
                .map(server -> {
                    FaultProxy proxy = FaultProxy.to(server.port());
                    proxies.add(proxy);
                    return proxy.url();
                })
                .collect(Collectors.joining(","));
    }

    /** What may happen on all ways so far. */
    List<Fault> ofNetwork() {
        List<Fault> faults = new ArrayList<>();
        proxies.forEach(proxy -> faults.addAll(Faults.ofNetwork(proxy)));
        return faults;
    }

    /** Holes on all ways so far, for when they are to last. */
    List<Fault> ofHoles() {
        return ofNetwork().stream()
                .filter(fault -> fault.name().startsWith("hole") || fault.name().equals("cut off"))
                .toList();
    }

    /**
     * What may happen to servers; nothing, as often.
     *
     * @param redelivery waits until a redelivery is held, and notes that the server is told to stop
     */
    List<Fault> ofServers(String stream, String group, Runnable redelivery) {
        List<Fault> faults = new ArrayList<>();
        if (isCluster()) {
            Supplier<NatsServer> leader = () -> cluster.leaderOf(stream, group);
            Faults.ofLeader(cluster, leader).stream()
                    .filter(fault -> !isIsolation(fault))
                    .forEach(faults::add);
            faults.add(Fault.of("rolling restart", random -> cluster.restartRolling(), () -> {}));
            faults.add(Fault.of(
                    "rolling restart under redeliveries",
                    random -> {
                        redelivery.run();
                        cluster.restartRolling();
                    },
                    () -> {}));
        } else {
            NatsServer server = servers.get(0);
            faults.addAll(Faults.ofServer(server));
            faults.add(Fault.of("lame duck", random -> server.lameDuck(), () -> {
                server.kill();
                server.start();
            }));
            faults.add(Fault.of(
                    "server restarted under redeliveries",
                    random -> {
                        redelivery.run();
                        server.terminate();
                    },
                    server::start));
        }
        List<Fault> nothing = faults.stream().map(fault -> Faulted.nothing()).toList();
        faults.addAll(nothing);
        return faults;
    }

    /** A leader is cut off from the others, with the clients that are connected to it. */
    List<Fault> ofIsolation(String stream, String group) {
        return Faults.ofLeader(cluster, () -> cluster.leaderOf(stream, group)).stream()
                .filter(ChaosSite::isIsolation)
                .toList();
    }

    private static boolean isIsolation(Fault fault) {
        return fault.name().contains("isolated");
    }

    @Override
    public void close() {
        proxies.forEach(FaultProxy::close);
        if (isCluster()) {
            cluster.close();
        } else {
            servers.forEach(NatsServer::close);
        }
    }
}
