package io.leasehold.nats.chaos;

import io.leasehold.nats.server.Fault;
import io.leasehold.nats.server.FaultRun;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.ServerBinary;
import io.leasehold.nats.server.UnhealthyCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Some clients at one place, for some time, with faults; then everything is put right, finished, and judged. */
final class Round {
    private static final String FAR = "far";
    private static final int CLIENTS = 3;
    private static final int PER_SECOND = 25;
    private static final Duration SETTLING = Duration.ofSeconds(90);
    private static final Duration REDELIVERY = Duration.ofSeconds(3);
    private static final Duration GLANCE = Duration.ofMillis(200);

    private final Scene scene;
    private final ServerBinary binary;
    private final long seed;
    private final Duration duration;
    private final Chronicle chronicle = new Chronicle();
    private final List<Member> members = new ArrayList<>();
    private final List<WireSpy> spies = new ArrayList<>();

    Round(Scene scene, ServerBinary binary, long seed, Duration duration) {
        this.scene = scene;
        this.binary = binary;
        this.seed = seed;
        this.duration = duration;
    }

    /** Which faults. */
    enum Scene {
        ALONE,
        CLUSTER,
        ISOLATED;

        boolean isCluster() {
            return this != ALONE;
        }
    }

    Verdict run() {
        Pulse pulse = new Pulse("here", chronicle);
        try (ChaosSite site = scene.isCluster() ? ChaosSite.clustered(binary) : ChaosSite.alone(binary)) {
            return at(site);
        } catch (UnhealthyCluster ill) {
            Verdict verdict = oracle(StoredMessages.NOTHING).judgeRuns();
            verdict.unhealthy(ill.getMessage());
            return verdict;
        } finally {
            pulse.close();
            spies.forEach(WireSpy::close);
        }
    }

    private ChaosOracle oracle(StoredMessages stored) {
        return new ChaosOracle(chronicle, stored, new Excuses(chronicle, scene == Scene.ISOLATED));
    }

    private Verdict at(ChaosSite site) {
        Traffic traffic = new Traffic("chaos", seed, site.replicas(), duration, PER_SECOND);
        site.servers().forEach(this::listenAt);
        for (int i = 0; i < CLIENTS; i++) {
            members.add(new Member("near" + i, site.way(), traffic, chronicle));
        }
        members.forEach(Member::begin);
        try (FarMember far = FarMember.start(FAR, site.way(), traffic, chronicle)) {
            disturb(site, far, traffic);
            return finish(site, far, traffic);
        } catch (UnhealthyCluster ill) {
            members.forEach(Member::leave);
            throw ill;
        }
    }

    private void listenAt(NatsServer server) {
        WireSpy spy = new WireSpy(server, chronicle);
        spies.add(spy);
        await("a spy", spy::isListening);
    }

    private void disturb(ChaosSite site, FarMember far, Traffic traffic) {
        String stream = traffic.family();
        String group = Traffic.GROUPS.get(0);
        await("the group", () -> chronicle.facts().stream().anyMatch(fact -> fact.what() == Fact.What.SERVED));
        List<FaultRun> runs = new ArrayList<>();
        List<Fault> pauses = List.of(Faulted.nothing(), Fault.of("client frozen", random -> far.freeze(), far::thaw));
        runs.add(start(1, site.ofNetwork(), 100, 3_000));
        runs.add(start(2, pauses, 500, 12_000));
        if (scene == Scene.ISOLATED) {
            runs.add(start(3, site.ofIsolation(stream, group), 1_000, 12_000));
        } else {
            runs.add(start(3, site.ofServers(stream, group, this::awaitRedelivery), 500, 5_000));
            runs.add(start(4, site.ofHoles(), 2_000, 12_000));
        }
        awaits(duration, () -> runs.stream().anyMatch(FaultRun::hasFailed));
        stop(runs);
        chronicle.remark("faults", "all ended");
    }

    // All of them end, also when one has failed.
    private static void stop(List<FaultRun> runs) {
        List<CompletionException> failures = new ArrayList<>();
        for (FaultRun run : runs) {
            try {
                run.stop();
            } catch (CompletionException failed) {
                failures.add(failed);
            }
        }
        for (CompletionException failed : failures) {
            if (failed.getCause() instanceof UnhealthyCluster ill) {
                throw ill;
            }
            throw failed;
        }
    }

    // For a moment: not at each instant there is one.
    private void awaitRedelivery() {
        boolean held = awaits(REDELIVERY, () -> chronicle.heldRedeliveries() > 0);
        chronicle.remark("round", held ? chronicle.heldRedeliveries() + " redeliveries are held" : "none is held");
        Faulted.stopping(chronicle);
    }

    private FaultRun start(int number, List<Fault> faults, long shortestMillis, long longestMillis) {
        List<Fault> seen =
                faults.stream().map(fault -> Faulted.seen(fault, chronicle)).toList();
        return FaultRun.start(
                seed * 31 + number, seen, Duration.ofMillis(shortestMillis), Duration.ofMillis(longestMillis));
    }

    private Verdict finish(ChaosSite site, FarMember far, Traffic traffic) {
        boolean ended = awaits(() -> chronicle.facts().stream()
                        .filter(fact -> fact.note().equals(Member.DONE))
                        .count()
                > CLIENTS);
        int port = site.servers().get(0).port();
        // An ack whose answer was lost is not told again.
        boolean handled = awaits(() -> Traffic.GROUPS.stream()
                        .allMatch(group -> chronicle.notAcked(group).isEmpty())
                || StoredMessages.isFinished(port, traffic.family(), Traffic.GROUPS));
        chronicle.remark("round", handled ? "all acked" : "not all acked");
        members.forEach(Member::close);
        far.end();
        StoredMessages stored = StoredMessages.read(port, traffic.family(), Traffic.GROUPS);
        Verdict verdict = oracle(stored).judge();
        if (!ended) {
            verdict.found(new Verdict.Violation(Verdict.Kind.STUCK, "publishes did not end", "", ""));
        }
        boolean left = far.lines().contains("left");
        if (!left || chronicle.facts().stream().noneMatch(fact -> fact.who().equals(FAR) && fact.delivery() > 0)) {
            verdict.found(new Verdict.Violation(
                    Verdict.Kind.STUCK,
                    "the far client did nothing, or did not end",
                    "",
                    String.join("\n", far.lines())));
        }
        return verdict;
    }

    private static boolean awaits(BooleanSupplier shows) {
        return awaits(SETTLING, shows);
    }

    private static boolean awaits(Duration limit, BooleanSupplier shows) {
        long end = System.nanoTime() + limit.toNanos();
        while (!shows.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            pause(GLANCE);
        }
        return true;
    }

    private static void await(String what, BooleanSupplier shows) {
        if (!awaits(shows)) {
            throw new AssertionError("there never was " + what);
        }
    }

    private static void pause(Duration time) {
        try {
            new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Everything that was seen, for people. */
    List<String> told() {
        return chronicle.told();
    }
}
