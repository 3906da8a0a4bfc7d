package io.leasehold.nats.chaos;

import io.leasehold.nats.chaos.Round.Scene;
import io.leasehold.nats.server.NatsServers;
import io.leasehold.nats.server.ServerBinary;
import java.time.Duration;
import java.util.List;

/**
 * Rounds of chaos for a while, each on another version of the server. System properties: {@code chaos.minutes} (default
 * 1), {@code chaos.seed} of the first round (default 1), {@code chaos.scene} (ALONE, CLUSTER, ISOLATED; default all in
 * turn), {@code chaos.seconds} of a round (default 45), {@code chaos.zombies} rounds (default 100), {@code chaos.trace}
 * (tells everything). The last line says what came of it; for the {@code unhealthy} rounds in it see {@link Rounds}.
 */
public final class ChaosRun {
    private static final int SCENES = 4;

    private final long minutes = Long.getLong("chaos.minutes", 1);
    private final long firstSeed = Long.getLong("chaos.seed", 1);
    private final String only = System.getProperty("chaos.scene", "");
    private final Duration each = Duration.ofSeconds(Long.getLong("chaos.seconds", 45));
    private final boolean traced = Boolean.getBoolean("chaos.trace");
    private final Rounds rounds = new Rounds(System.out::println);

    private ChaosRun() {}

    /** Runs; ends the process, with 1 when a promise was broken, or hardly anything was tried. */
    public static void main(String[] args) {
        ChaosRun run = new ChaosRun();
        Zombies zombies = new Zombies(Integer.getInteger("chaos.zombies", 100));
        run.runAll();
        run.rounds.add(zombies.verdict());
        System.out.println(run.rounds);
        System.out.flush();
        // That line is the last one: a terminal's codes, which Maven writes when it leaves, must not follow it.
        Runtime.getRuntime().halt(run.rounds.areGood() ? 0 : 1);
    }

    private void runAll() {
        long end = System.nanoTime() + Duration.ofMinutes(minutes).toNanos();
        for (long seed = firstSeed; System.nanoTime() < end; seed++) {
            Scene scene = sceneOf(seed, only);
            ServerBinary binary = binaryOf(seed, NatsServers.all());
            Round round = new Round(scene, binary, seed, each);
            String name = "seed " + seed + " (" + scene + ", " + binary.version() + ")";
            rounds.play(name, command(seed, scene), () -> play(round));
        }
    }

    private Verdict play(Round round) {
        Verdict verdict = round.run();
        if (traced) {
            round.told().forEach(System.out::println);
        }
        return verdict;
    }

    /** Of the scenes in turn; of the three one in four is that which breaks an assumption. */
    static Scene sceneOf(long seed, String only) {
        if (!only.isEmpty()) {
            return Scene.valueOf(only);
        }
        return List.of(Scene.ALONE, Scene.CLUSTER, Scene.ALONE, Scene.ISOLATED)
                .get((int) Math.floorMod(seed - 1, (long) SCENES));
    }

    /** Each scene meets each version in turn, the newest first. */
    static ServerBinary binaryOf(long seed, List<ServerBinary> all) {
        if (all.isEmpty()) {
            return NatsServers.newest();
        }
        int back = (int) Math.floorMod((seed - 1) / SCENES + (seed - 1), (long) all.size());
        return all.get(all.size() - 1 - back);
    }

    private static String command(long seed, Scene scene) {
        return "mvn -q -ntp -pl reactive-client/nats -am -Pchaos verify -Dchaos.seed=" + seed + " -Dchaos.scene="
                + scene;
    }
}
