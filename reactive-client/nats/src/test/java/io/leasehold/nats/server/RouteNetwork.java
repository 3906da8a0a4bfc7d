package io.leasehold.nats.server;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The routes of a cluster: a proxy for each ordered pair of nodes, which the one dials to reach the other. Nodes tell
 * each other no other addresses, so that there is no way around.
 */
final class RouteNetwork implements AutoCloseable {
    /** Nobody listens there: what nodes tell each other leads nowhere. */
    private static final String NOWHERE = "127.0.0.1:9";

    private final int[] ports;
    private final FaultProxy[][] proxies;

    RouteNetwork(int size) {
        ports = IntStream.range(0, size).map(i -> Ports.free()).toArray();
        proxies = new FaultProxy[size][size];
        pairs((from, to) -> proxies[from][to] = FaultProxy.to(ports[to]));
    }

    private interface Pair {
        void visit(int from, int to);
    }

    private void pairs(Pair pair) {
        for (int from = 0; from < ports.length; from++) {
            for (int to = 0; to < ports.length; to++) {
                if (from != to) {
                    pair.visit(from, to);
                }
            }
        }
    }

    String configuration(int node) {
        String routes = IntStream.range(0, ports.length)
                .filter(other -> other != node)
                .mapToObj(other -> "\"nats-route://127.0.0.1:" + proxies[node][other].port() + "\"")
                .collect(Collectors.joining(", "));
        return "cluster { name: \"three\", listen: \"127.0.0.1:%d\", cluster_advertise: \"%s\", routes: [%s] }\n"
                .formatted(ports[node], NOWHERE, routes);
    }

    void isolate(int node) {
        pairs((from, to) -> {
            if (from == node || to == node) {
                proxies[from][to].hold();
            }
        });
    }

    void heal() {
        pairs((from, to) -> proxies[from][to].release());
    }

    @Override
    public void close() {
        pairs((from, to) -> proxies[from][to].close());
    }
}
