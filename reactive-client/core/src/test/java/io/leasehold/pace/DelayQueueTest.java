package io.leasehold.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The queue of what waits for an instant, against a plain set. */
final class DelayQueueTest {
    private static final class Probe extends DelayQueue.Entry {
        void move() {
            dueNanos(dueNanos() / 7 * 7);
        }
    }

    private final DelayQueue<Probe> queue = new DelayQueue<>();

    @Test
    void theNextIsFirstAlsoWhenTheClockWrapsAround() {
        Probe before = new Probe();
        Probe after = new Probe();

        queue.put(after, Long.MIN_VALUE + 5);
        queue.put(before, Long.MAX_VALUE - 5);

        assertThat(queue.first()).isSameAs(before);
    }

    @Test
    void whatWasTakenOutIsGone() {
        Probe probe = new Probe();
        queue.put(probe, 1);

        queue.remove(probe);
        queue.remove(probe);

        assertThat(queue.first()).isNull();
        assertThat(queue.size()).isZero();
        assertThat(probe.isQueued()).isFalse();
    }

    @Test
    void nothingIsDueBeforeItsInstant() {
        Probe probe = new Probe();
        queue.put(probe, 10);

        assertThat(queue.pollDue(9)).isNull();
        assertThat(queue.pollDue(10)).isSameAs(probe);
        assertThat(queue.pollDue(10)).isNull();
    }

    @Test
    void whatWasDueFirstComesFirst() {
        Random random = new Random();
        List<Probe> probes = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Probe probe = new Probe();
            probes.add(probe);
            queue.put(probe, random.nextInt(100));
        }

        List<Probe> polled = new ArrayList<>();
        for (Probe due = queue.pollDue(100); due != null; due = queue.pollDue(100)) {
            polled.add(due);
        }

        assertThat(polled).containsExactlyInAnyOrderElementsOf(probes);
        assertThat(polled).extracting(DelayQueue.Entry::dueNanos).isSorted();
    }

    @Test
    void itHoldsWhatWasPutInAndNotTakenOutInOrder() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 100; round++) {
            DelayQueue<Probe> changed = new DelayQueue<>();
            Set<Probe> model = new HashSet<>();
            List<Probe> probes = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(60); i++) {
                probes.add(new Probe());
            }

            for (int step = 0; step < 300; step++) {
                change(changed, model, probes.get(random.nextInt(probes.size())), random);
                check(changed, model, "seed " + seed);
            }
        }
    }

    private static void change(DelayQueue<Probe> queue, Set<Probe> model, Probe probe, Random random) {
        switch (random.nextInt(10)) {
            case 0 -> queue.changeAll(Probe::move);
            case 1, 2, 3 -> {
                queue.remove(probe);
                model.remove(probe);
            }
            default -> {
                queue.put(probe, random.nextInt(100));
                model.add(probe);
            }
        }
    }

    private static void check(DelayQueue<Probe> queue, Set<Probe> model, String seed) {
        Probe first = queue.first();
        Set<Probe> held = new HashSet<>();
        queue.forEach(held::add);

        assertThat(held.equals(model)).as(seed).isTrue();
        assertThat(queue.size()).as(seed).isEqualTo(model.size());
        assertThat(first == null).as(seed).isEqualTo(model.isEmpty());
        if (first != null) {
            assertThat(model.stream().noneMatch(probe -> probe.isBefore(first)))
                    .as(seed)
                    .isTrue();
        }
    }
}
