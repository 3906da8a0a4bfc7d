package io.leasehold.lease.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wheel hands out what a sorted map would, at the same ticks. */
class TimerWheelTest {
    private static final long SEED = Long.getLong("test.seed", 5);
    private static final long FULL_TURN = 1L << 36;

    /** A node that knows the tick it was linked for. */
    private static final class Node extends TimerNode {
        private long wanted;

        @Override
        long dueNanos() {
            return wanted;
        }

        @Override
        void due(long now) {}

        @Override
        void keeperStopped() {}
    }

    /** The wheel, and beside it what it should hold. */
    private static final class Modelled {
        private final TimerWheel wheel = new TimerWheel();
        private final TreeMap<Long, List<Node>> expected = new TreeMap<>();
        private final List<Node> linked = new ArrayList<>();
        private final String seed;
        private long now;

        Modelled(long seed) {
            this.seed = "seed " + seed;
        }

        Node link(long tick) {
            Node node = new Node();
            node.wanted = tick;
            wheel.link(node, tick);
            expected.computeIfAbsent(tick, any -> new ArrayList<>()).add(node);
            linked.add(node);
            return node;
        }

        void unlink(Node node) {
            wheel.unlink(node);
            forget(node);
        }

        private void forget(Node node) {
            List<Node> sameTick = expected.get(node.wanted);
            sameTick.remove(node);
            if (sameTick.isEmpty()) {
                expected.remove(node.wanted);
            }
            linked.remove(node);
        }

        void advance(long tick) {
            now = tick;
            for (TimerNode taken = wheel.takeDue(tick); taken != null; taken = wheel.takeDue(tick)) {
                Node node = (Node) taken;
                assertThat(node.wanted).as("%s, early at %d", seed, tick).isLessThanOrEqualTo(tick);
                assertThat(linked).as("%s, twice or after its end", seed).contains(node);
                forget(node);
            }
            assertThat(expected.headMap(tick, true))
                    .as("%s, forgotten at %d", seed, tick)
                    .isEmpty();
            check();
        }

        void check() {
            assertThat(wheel.size()).as(seed).isEqualTo(linked.size());
            long next = wheel.nextTick();
            if (expected.isEmpty()) {
                assertThat(next).as(seed).isEqualTo(TimerWheel.NO_TICK);
            } else {
                assertThat(next).as("%s, at %d", seed, now).isLessThanOrEqualTo(Math.max(now, expected.firstKey()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void itIsASortedMapWhateverHappens(int round) {
        long seed = SEED + round;
        Random random = new Random(seed);
        Modelled wheel = new Modelled(seed);
        for (int step = 0; step < 20_000; step++) {
            int choice = random.nextInt(10);
            if (choice < 5) {
                wheel.link(wheel.now + someDistance(random));
            } else if (choice < 7 && !wheel.linked.isEmpty()) {
                wheel.unlink(wheel.linked.get(random.nextInt(wheel.linked.size())));
            } else if (choice < 8 && !wheel.linked.isEmpty()) {
                wheel.advance(Math.max(wheel.now, wheel.wheel.nextTick()));
            } else if (wheel.linked.size() > 50 || choice == 9) {
                wheel.advance(wheel.now + Math.max(0, someDistance(random)));
            }
            wheel.check();
        }
    }

    // Of all magnitudes alike, now and then in the past.
    private static long someDistance(Random random) {
        long distance = random.nextLong() >>> (64 - 1 - random.nextInt(38));
        return random.nextInt(20) == 0 ? -Math.min(distance, 5) : distance;
    }

    @Test
    void twoNodesInASlotOfAHigherLevelAreBothTakenInTime() {
        Modelled wheel = new Modelled(0);
        wheel.link(133);
        wheel.link(145);
        wheel.advance(130);
        wheel.advance(133);
        assertThat(wheel.linked).extracting(node -> node.wanted).containsExactly(145L);
        wheel.advance(145);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 63, 64, 65, 4095, 4096, FULL_TURN - 1, FULL_TURN, FULL_TURN + 1, 5 * FULL_TURN + 77})
    void aNodeIsTakenAtItsTickAndNotBefore(long tick) {
        for (long start : new long[] {0, 1, 62, 64, 4097, FULL_TURN - 2, 3 * FULL_TURN + 5}) {
            Modelled wheel = new Modelled(0);
            wheel.advance(start);
            wheel.link(start + tick);
            if (tick > 0) {
                wheel.advance(start + tick - 1);
                assertThat(wheel.linked).hasSize(1);
            }
            wheel.advance(start + tick);
            assertThat(wheel.linked).isEmpty();
        }
    }

    @Test
    void followingTheNextTickAloneFindsEveryNode() {
        Random random = new Random(SEED);
        Modelled wheel = new Modelled(SEED);

        for (int i = 0; i < 2000; i++) {
            wheel.link(Math.max(0, someDistance(random)));
        }
        int wakes = 0;
        while (wheel.wheel.nextTick() != TimerWheel.NO_TICK) {
            wheel.advance(wheel.wheel.nextTick());
            wakes++;
        }

        assertThat(wheel.linked).isEmpty();
        assertThat(wakes).as("each node wakes it once per level at most").isLessThan(2000 * 6);
    }

    @Test
    void aTickThatHasPassedIsDueAtOnce() {
        Modelled wheel = new Modelled(0);
        wheel.advance(1000);
        wheel.link(3);
        assertThat(wheel.wheel.nextTick()).isEqualTo(1000);
        wheel.advance(1000);

        assertThat(wheel.linked).isEmpty();
    }

    @Test
    void whatIsLinkedNowhereMayBeUnlinked() {
        TimerWheel wheel = new TimerWheel();
        Node node = new Node();

        wheel.unlink(node);
        wheel.link(node, 5);
        wheel.unlink(node);
        wheel.unlink(node);

        assertThat(wheel.size()).isZero();
        assertThat(wheel.nextTick()).isEqualTo(TimerWheel.NO_TICK);
    }

    @Test
    void aMillionNodesComeAndGo() {
        Random random = new Random(SEED);
        TimerWheel wheel = new TimerWheel();
        Node[] nodes = new Node[1_000_000];

        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = new Node();
            wheel.link(nodes[i], random.nextInt(10_000_000));
        }
        for (int i = 0; i < nodes.length; i += 2) {
            wheel.unlink(nodes[i]);
        }
        int taken = 0;
        for (long tick = 0; tick <= 10_000_000; tick += 1000) {
            while (wheel.takeDue(tick) != null) {
                taken++;
            }
        }

        assertThat(taken).isEqualTo(nodes.length / 2);
        assertThat(wheel.size()).isZero();
    }
}
