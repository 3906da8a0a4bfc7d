package io.leasehold.nats.server;

import io.leasehold.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
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
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    // Each question makes servers take locks, and each bad answer a line in their logs.
    private static final Duration GLANCE = Duration.ofMillis(20);
    private static final int TRIES = 3;
    private static final int SHOWN_LINES = 20;
    private static final Pattern NOT_CURRENT =
            Pattern.compile("'(\\S+) \\\\u003e ([^ ']+)(?: \\\\u003e ([^ ']+))?' is not current");

    private static final Pattern NOTABLE =
            Pattern.compile("\\[INF] (JetStream c|Self|Server is)|\\[(WRN|ERR)] (?!Healthcheck)");

    private final List<NatsServer> nodes = new ArrayList<>();
    private final Set<NatsServer> isolated = ConcurrentHashMap.newKeySet();
    private final RouteNetwork network = new RouteNetwork(SIZE);

    private NatsCluster(ServerBinary binary) {
        for (int i = 0; i < SIZE; i++) {
            nodes.add(NatsServer.prepare(binary, "n" + i, network.configuration(i)));
        }
    }

    /**
     * A cluster that can store with three replicas. One that does not get there is made anew: its ports were taken
     * meanwhile, or two of its servers (seen of 2.10) never found a route to each other.
     */
    public static NatsCluster start(ServerBinary binary) {
        for (int i = 1; ; i++) {
            NatsCluster cluster = new NatsCluster(binary);
            try {
                cluster.nodes.forEach(NatsServer::begin);
                cluster.nodes.forEach(node -> node.awaitLog("Server is ready"));
                cluster.awaitReady(i == TRIES ? LIMIT : LIMIT.dividedBy(2));
                return cluster;
            } catch (AssertionError failed) {
                cluster.close();
                if (i == TRIES) {
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
     *
     * @throws UnhealthyCluster when that takes too long
     */
    public void awaitReady() {
        awaitReady(LIMIT);
    }

    void awaitReady(Duration limit) {
        awaitHealthy(limit);
        await("a leader", limit, () -> metaLeader().isPresent());
        await("three replicas", limit, this::canStore);
    }

    private void await(String what, Duration limit, BooleanSupplier holds) {
        try {
            Threads.await(what, limit, GLANCE, holds);
        } catch (AssertionError ill) {
            throw new UnhealthyCluster(
                    "no " + what + "\n" + awake().map(NatsCluster::said).collect(Collectors.joining("\n")), ill);
        }
    }

    private void awaitHealthy(Duration limit) {
        long end = System.nanoTime() + limit.minus(PATIENCE).toNanos();
        while (System.nanoTime() < end) {
            try {
                Threads.await("healthy nodes", PATIENCE, GLANCE, this::isHealthy);
                return;
            } catch (AssertionError ill) {
                awake().map(NatsCluster::health).forEach(this::wake);
            }
        }
        await("healthy nodes", limit.compareTo(PATIENCE) < 0 ? limit : PATIENCE, this::isHealthy);
    }

    private boolean isHealthy() {
        return awake().allMatch(node -> health(node).startsWith("200"));
    }

    /**
     * Before 2.11, replicas of what is idle, the cluster itself among it, may call themselves not current for ever:
     * they wait for something to happen. A new leader is something, and so is whatever is replicated.
     */
    private void wake(String health) {
        Matcher idle = NOT_CURRENT.matcher(health);
        if (!idle.find()) {
            if (!health.startsWith("200")) {
                canStore();
            }
        } else if (idle.group(3) == null) {
            ask("STREAM.LEADER.STEPDOWN." + idle.group(2), "");
            ask("STREAM.PURGE." + idle.group(2), "{\"filter\":\"nobody.publishes.here\"}");
        } else {
            ask("CONSUMER.LEADER.STEPDOWN." + idle.group(2) + "." + idle.group(3), "");
        }
    }

    private Stream<NatsServer> awake() {
        return nodes.stream().filter(NatsServer::isAwake);
    }

    /** Whom to ask: one that is cut off may still take itself for a leader. */
    private Stream<NatsServer> together() {
        return awake().filter(node -> !isolated.contains(node));
    }

    private static String health(NatsServer node) {
        return node.monitor("/healthz");
    }

    /** What a node says of its health, and what it said last. */
    private static String said(NatsServer node) {
        List<String> log =
                node.log().stream().filter(line -> NOTABLE.matcher(line).find()).toList();
        return Stream.concat(
                        Stream.of(node + ": " + health(node)),
                        log.stream().skip(Math.max(0, log.size() - SHOWN_LINES)).map("  "::concat))
                .collect(Collectors.joining("\n"));
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
        await("a leader that can be reached", LIMIT, () -> {
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
