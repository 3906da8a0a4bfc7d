package io.leasehold.nats.server;

import io.leasehold.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Three servers that keep streams together. Routes between them go through proxies, so that one can be cut off. One
 * call at a time, from any thread.
 */
public final class NatsCluster implements AutoCloseable {
    private static final int SIZE = 3;
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int TRIES = 3;
    private static final Pattern NOT_CURRENT =
            Pattern.compile("'(\\S+) \\\\u003e ([^ ']+)(?: \\\\u003e ([^ ']+))?' is not current");

    private final List<NatsServer> nodes = new ArrayList<>();
    private final Set<NatsServer> isolated = ConcurrentHashMap.newKeySet();
    private final RouteNetwork network = new RouteNetwork(SIZE);

    private NatsCluster(ServerBinary binary) {
        for (int i = 0; i < SIZE; i++) {
            nodes.add(NatsServer.prepare(binary, "n" + i, network.configuration(i)));
        }
    }

    /** A cluster that can store with three replicas. */
    public static NatsCluster start(ServerBinary binary) {
        for (int i = 1; ; i++) {
            NatsCluster cluster = new NatsCluster(binary);
            try {
                cluster.nodes.forEach(NatsServer::begin);
                cluster.nodes.forEach(node -> node.awaitLog("Server is ready"));
                cluster.awaitReady();
                return cluster;
            } catch (AssertionError failed) {
                boolean taken = cluster.nodes.stream()
                        .flatMap(node -> node.log().stream())
                        .anyMatch(line -> line.contains("address already in use"));
                cluster.close();
                if (!taken || i == TRIES) {
                    throw failed;
                }
            }
        }
    }

    public List<NatsServer> nodes() {
        return List.copyOf(nodes);
    }

    /** All nodes, separated by commas. */
    public String urls() {
        return nodes.stream().map(NatsServer::url).collect(Collectors.joining(","));
    }

    /**
     * Waits until each node that is awake is healthy, knows a leader, and streams with three replicas can be made.
     */
    public void awaitReady() {
        awaitHealthy();
        Threads.await("a leader", LIMIT, () -> metaLeader().isPresent());
        Threads.await("three replicas", LIMIT, this::canStore);
    }

    private void awaitHealthy() {
        try {
            Threads.await("healthy nodes", PATIENCE, () -> awake().allMatch(NatsCluster::isHealthy));
        } catch (AssertionError ill) {
            awake().map(NatsCluster::health).forEach(this::wake);
            awaitHealthyAtLast();
        }
    }

    /**
     * Before 2.11, replicas of an idle stream or consumer may call themselves not current for ever: they wait for
     * something to happen. A new leader is something.
     */
    private void wake(String health) {
        Matcher idle = NOT_CURRENT.matcher(health);
        if (idle.find()) {
            String what = idle.group(3) == null ? "STREAM" : "CONSUMER";
            String name = idle.group(2) + (idle.group(3) == null ? "" : "." + idle.group(3));
            ask(what + ".LEADER.STEPDOWN." + name, "");
        }
    }

    private void awaitHealthyAtLast() {
        try {
            Threads.await("healthy nodes", LIMIT, () -> awake().allMatch(NatsCluster::isHealthy));
        } catch (AssertionError ill) {
            String what = awake().map(node -> node.name() + ": " + health(node)).collect(Collectors.joining("\n"));
            throw new AssertionError("still not healthy:\n" + what, ill);
        }
    }

    private Stream<NatsServer> awake() {
        return nodes.stream().filter(NatsServer::isAwake);
    }

    /** Whom to ask: one that is cut off may still take itself for a leader. */
    private Stream<NatsServer> together() {
        return awake().filter(node -> !isolated.contains(node));
    }

    private static boolean isHealthy(NatsServer node) {
        return health(node).startsWith("200");
    }

    private static String health(NatsServer node) {
        return node.monitor("/healthz");
    }

    private boolean canStore() {
        String probe = "P" + RawNats.inbox().substring("_INBOX.".length());
        String config = "{\"name\":\"%s\",\"storage\":\"memory\",\"num_replicas\":%d}".formatted(probe, SIZE);
        return ask("STREAM.CREATE." + probe, config)
                .filter(answer -> answer.field("err_code").isEmpty())
                .flatMap(made -> ask("STREAM.DELETE." + probe, ""))
                .isPresent();
    }

    /** What the cluster's API answers, if it does soon; from whichever node. */
    private Optional<RawMessage> ask(String what, String body) {
        NatsServer node = together().findFirst().orElseThrow();
        try (RawNats nats = RawNats.connect(node.port())) {
            return nats.answer("$JS.API." + what, "", body, Duration.ofSeconds(2))
                    .filter(answer -> answer.status().isEmpty());
        } catch (RuntimeException unreachable) {
            return Optional.empty();
        }
    }

    /** The node that leads the cluster itself, as the others know it. */
    public Optional<NatsServer> metaLeader() {
        return together()
                .map(node -> new RawMessage("", 0, "", "", node.monitor("/jsz"), 0))
                .flatMap(answer -> answer.field("leader").stream())
                .flatMap(this::nodeCalled)
                .findFirst();
    }

    private Stream<NatsServer> nodeCalled(String name) {
        return together().filter(node -> node.name().equals(name));
    }

    /** The node that leads a stream. */
    public NatsServer leaderOf(String stream) {
        return leader(() -> ask("STREAM.INFO." + stream, ""));
    }

    /** The node that leads a consumer: it hands out messages and takes settlements. */
    public NatsServer leaderOf(String stream, String consumer) {
        return leader(() -> ask("CONSUMER.INFO." + stream + "." + consumer, ""));
    }

    /** Has a node lead a consumer. */
    public void lead(String stream, String consumer, NatsServer node) {
        String wish = "{\"placement\":{\"preferred\":\"%s\"}}".formatted(node.name());
        for (NatsServer led = leaderOf(stream, consumer); led != node; led = leaderOf(stream, consumer)) {
            NatsServer former = led;
            String subject = "CONSUMER.LEADER.STEPDOWN." + stream + "." + consumer;
            // Servers before 2.11 know no wishes.
            if (ask(subject, wish)
                    .filter(answer -> !answer.body().contains("\"error\""))
                    .isEmpty()) {
                ask(subject, "");
            }
            Threads.await("another leader", LIMIT, () -> leaderOf(stream, consumer) != former);
        }
    }

    private NatsServer leader(Supplier<Optional<RawMessage>> info) {
        List<NatsServer> found = new ArrayList<>();
        Function<RawMessage, Stream<String>> leader = answer -> answer.field("leader").stream();
        Threads.await("a leader that can be reached", LIMIT, () -> {
            info.get().stream().flatMap(leader).flatMap(this::nodeCalled).forEach(found::add);
            return !found.isEmpty();
        });
        return found.get(0);
    }

    /** Some node that is not this one, is awake and not cut off. */
    public NatsServer otherThan(NatsServer node) {
        return together().filter(other -> other != node).findFirst().orElseThrow();
    }

    /** Ends and starts one node after the other, each when the cluster is whole again. */
    public void restartRolling() {
        for (NatsServer node : nodes) {
            node.restart();
            awaitReady();
        }
    }

    /** Cuts a node off from the others; clients still reach it. */
    public void isolate(NatsServer node) {
        isolated.add(node);
        network.isolate(nodes.indexOf(node));
    }

    /** Ends all isolation. */
    public void heal() {
        network.heal();
        isolated.clear();
    }

    @Override
    public void close() {
        nodes.forEach(NatsServer::close);
        network.close();
    }
}
