package io.leasehold.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The heap of what is due, against a plain set. */
final class TimedHeapTest {
    private static final class Probe extends Timed {
        @Override
        void due() {}
    }

    @Test
    void theNearestIsFirstAlsoWhenTheClockWrapsAround() {
        TimedHeap heap = new TimedHeap();
        Probe before = new Probe();
        Probe after = new Probe();
        heap.put(after, Long.MIN_VALUE + 5);
        heap.put(before, Long.MAX_VALUE - 5);
        assertThat(heap.first()).isSameAs(before);
    }

    @Test
    void whatWasTakenOutIsGone() {
        TimedHeap heap = new TimedHeap();
        Probe probe = new Probe();
        heap.put(probe, 1);
        heap.remove(probe);
        heap.remove(probe);
        assertThat(heap.first()).isNull();
        assertThat(heap.size()).isZero();
    }

    @Test
    void itHoldsWhatWasPutInAndNotTakenOutInOrder() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 100; round++) {
            TimedHeap heap = new TimedHeap();
            Set<Probe> model = new HashSet<>();
            List<Probe> probes = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(60); i++) {
                probes.add(new Probe());
            }
            for (int step = 0; step < 300; step++) {
                change(heap, model, probes.get(random.nextInt(probes.size())), random);
                check(heap, model, "seed " + seed);
            }
        }
    }

    private static void change(TimedHeap heap, Set<Probe> model, Probe probe, Random random) {
        switch (random.nextInt(10)) {
            case 0 -> heap.changeAll(timed -> timed.dueNanos = timed.dueNanos / 7 * 7);
            case 1, 2, 3 -> {
                heap.remove(probe);
                model.remove(probe);
            }
            default -> {
                heap.put(probe, random.nextInt(100));
                model.add(probe);
            }
        }
    }

    private static void check(TimedHeap heap, Set<Probe> model, String seed) {
        assertThat(heap.size()).as(seed).isEqualTo(model.size());
        Set<Timed> held = new HashSet<>();
        heap.forEach(held::add);
        assertThat(held.equals(model)).as(seed).isTrue();
        Timed first = heap.first();
        assertThat(first == null).as(seed).isEqualTo(model.isEmpty());
        if (first != null) {
            assertThat(model.stream().noneMatch(probe -> probe.isBefore(first)))
                    .as(seed)
                    .isTrue();
        }
    }
}
