package io.leasehold.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;

class SimWorldTest {
    private static final long MS = 1_000_000L;

    private final SimWorld world = new SimWorld(7, false);

    @Test
    void aFastClockReachesADelayEarlyAndASlowOneLate() {
        List<Long> fired = new ArrayList<>();
        for (int drift : new int[] {1_000, 0, -1_000}) {
            SimNode node = exactNode(drift);
            scheduler(node).schedule(() -> fired.add(world.now()), 1_000, TimeUnit.MILLISECONDS);
        }
        world.runUntil(2_000 * MS);

        assertThat(fired).containsExactly(999_001_000L, 1_000_000_000L, 1_001_001_002L);
    }

    @Test
    void theTwoDirectionsOfAClockAgree() {
        for (int drift : new int[] {-1_000, -1, 0, 1, 999}) {
            SimNode node = new SimNode(world, "n", drift, -123_456_789L);
            for (long at = 0; at < 5_000 * MS; at += 77_777_777L) {
                long local = node.localAt(at);
                assertThat(node.localAt(node.trueAt(local))).isEqualTo(local);
                assertThat(node.localAt(node.trueAt(local) - 1)).isLessThan(local);
            }
        }
    }

    @Test
    void aThreadKeepsTheOrderOfItsTasks() {
        List<Integer> done = new ArrayList<>();
        Scheduler.Worker worker = scheduler(new SimNode(world, "n", 0, 0)).createWorker();

        for (int i = 0; i < 50; i++) {
            int number = i;
            worker.schedule(() -> done.add(number));
        }
        world.runUntil(100 * MS);

        assertThat(done).hasSize(50).isSorted();
    }

    @Test
    void aFrozenNodeDoesNothingWhileItsClockGoesOnAndCatchesUpOnWaking() {
        SimNode node = exactNode(0);
        List<Long> fired = new ArrayList<>();

        scheduler(node).schedule(() -> fired.add(node.nanos()), 10, TimeUnit.MILLISECONDS);
        node.freeze();
        world.runUntil(50 * MS);
        assertThat(fired).isEmpty();
        node.thaw(0);
        world.runUntil(60 * MS);

        assertThat(fired).containsExactly(50 * MS);
    }

    @Test
    void wakingRunsThreadsInAnyOrderButEachInItsOwn() {
        List<List<String>> orders = new ArrayList<>();
        for (long seed = 0; seed < 20; seed++) {
            orders.add(orderOnWaking(new SimWorld(seed, false)));
        }

        assertThat(orders).allSatisfy(order -> {
            assertThat(order).containsSubsequence("a1", "a2");
            assertThat(order).containsSubsequence("b1", "b2");
        });
        assertThat(orders.stream().distinct().count()).isGreaterThan(1);
    }

    @Test
    void aCrashedNodeNeverRunsAgain() {
        SimNode node = exactNode(0);
        List<Long> fired = new ArrayList<>();

        scheduler(node).schedule(() -> fired.add(world.now()), 10, TimeUnit.MILLISECONDS);
        node.crash();
        world.runUntil(50 * MS);

        assertThat(fired).isEmpty();
    }

    @Test
    void whatWasDisposedDoesNotRun() {
        List<Long> fired = new ArrayList<>();
        SimScheduler scheduler = scheduler(exactNode(0));

        scheduler.schedule(() -> fired.add(1L), 10, TimeUnit.MILLISECONDS).dispose();
        scheduler.schedulePeriodically(() -> fired.add(2L), 10, 10, TimeUnit.MILLISECONDS);
        world.runUntil(35 * MS);
        scheduler.dispose();
        world.runUntil(90 * MS);

        assertThat(fired).containsExactly(2L, 2L, 2L);
    }

    private static List<String> orderOnWaking(SimWorld world) {
        SimNode node = new SimNode(world, "n", 0, 0);
        List<String> order = new ArrayList<>();
        for (String thread : List.of("a", "b")) {
            SimScheduler scheduler = new SimScheduler(node, 1);
            scheduler.schedule(() -> order.add(thread + 1), 10, TimeUnit.MILLISECONDS);
            scheduler.schedule(() -> order.add(thread + 2), 20, TimeUnit.MILLISECONDS);
        }
        node.freeze();
        world.runUntil(50 * MS);
        node.thaw(10 * MS);
        world.runUntil(100 * MS);
        return order;
    }

    private SimNode exactNode(int drift) {
        SimNode node = new SimNode(world, "n", drift, 0);
        node.latency(0, 0);
        return node;
    }

    private static SimScheduler scheduler(SimNode node) {
        return new SimScheduler(node, 1);
    }
}
