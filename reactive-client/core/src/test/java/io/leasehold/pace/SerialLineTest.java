package io.leasehold.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SerialLineTest {
    private static final class Number extends SerialLine.Link {
        final int owner;
        final int value;

        Number(int owner, int value) {
            this.owner = owner;
            this.value = value;
        }
    }

    private final List<Throwable> faults = new ArrayList<>();

    @Test
    void worksOffInOrderAlsoWhatIsAddedMeanwhile() {
        List<Integer> seen = new ArrayList<>();
        List<SerialLine<Number>> self = new ArrayList<>();
        SerialLine<Number> line = new SerialLine<>(
                n -> {
                    seen.add(n.value);
                    if (n.value < 10) {
                        self.get(0).add(new Number(0, n.value * 10));
                        self.get(0).add(new Number(0, n.value * 10 + 1));
                    }
                    assertThat(seen).as("not nested").last().isEqualTo(n.value);
                },
                () -> {},
                faults::add);

        self.add(line);
        line.add(new Number(0, 1));
        line.add(new Number(0, 2));

        assertThat(seen).containsExactly(1, 10, 11, 2, 20, 21);
        assertThat(faults).isEmpty();
    }

    @Test
    void aLinkMayBeAddedAgainFromItsOwnStep() {
        AtomicInteger rounds = new AtomicInteger();
        List<SerialLine<Number>> self = new ArrayList<>();
        SerialLine<Number> line = new SerialLine<>(
                n -> {
                    if (rounds.incrementAndGet() < 5) {
                        self.get(0).add(n);
                    }
                },
                () -> {},
                faults::add);

        self.add(line);
        line.add(new Number(0, 1));

        assertThat(rounds).hasValue(5);
    }

    @Test
    void aFaultIsToldAndTheWorkGoesOn() {
        List<Integer> seen = new ArrayList<>();
        SerialLine<Number> line = new SerialLine<>(
                n -> {
                    seen.add(n.value);
                    throw new IllegalStateException("step " + n.value);
                },
                () -> {
                    throw new IllegalStateException("burst");
                },
                faults::add);

        line.add(new Number(0, 1));
        line.add(new Number(0, 2));

        assertThat(seen).containsExactly(1, 2);
        assertThat(faults).extracting(Throwable::getMessage).containsExactly("step 1", "burst", "step 2", "burst");
    }

    @Test
    void keepsTheOrderOfEachOfManyThreadsAndLosesNothing() throws Exception {
        int threads = 4;
        int each = 50_000;
        int[] last = new int[threads];
        AtomicInteger inside = new AtomicInteger();
        CountDownLatch seen = new CountDownLatch(threads * each);
        SerialLine<Number> line = new SerialLine<>(
                n -> {
                    assertThat(inside.incrementAndGet()).isEqualTo(1);
                    assertThat(n.value).isEqualTo(++last[n.owner]);
                    inside.decrementAndGet();
                    seen.countDown();
                },
                () -> {},
                faults::add);
        ExecutorService pool = Executors.newFixedThreadPool(threads);

        try {
            for (int t = 0; t < threads; t++) {
                int owner = t;
                pool.execute(() -> {
                    for (int i = 1; i <= each; i++) {
                        line.add(new Number(owner, i));
                    }
                });
            }
            assertThat(seen.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            pool.shutdownNow();
        }

        assertThat(faults).isEmpty();
    }

    @Test
    void afterAStretchSomebodyElseGoesOn() {
        List<Runnable> passedOn = new ArrayList<>();
        List<SerialLine<Number>> self = new ArrayList<>();
        AtomicInteger done = new AtomicInteger();
        SerialLine<Number> line = new SerialLine<>(
                n -> {
                    if (done.incrementAndGet() < 10_000) {
                        self.get(0).add(n);
                    }
                },
                () -> {},
                faults::add,
                passedOn::add,
                null);

        self.add(line);
        assertThat(line.add(new Number(0, 1))).isTrue();
        assertThat(done).hasValue(4096);
        assertThat(line.add(new Number(0, 2))).as("it stays busy").isFalse();
        for (int i = 0; i < passedOn.size(); i++) {
            passedOn.get(i).run();
        }

        assertThat(done).hasValue(10_001);
        assertThat(passedOn).hasSize(2);
    }

    @Test
    void whenNobodyGoesOnTheWorkerDoes() {
        List<SerialLine<Number>> self = new ArrayList<>();
        AtomicInteger done = new AtomicInteger();
        SerialLine<Number> line = new SerialLine<>(
                n -> {
                    if (done.incrementAndGet() < 10_000) {
                        self.get(0).add(n);
                    }
                },
                () -> {},
                faults::add,
                task -> {
                    throw new RejectedExecutionException();
                },
                null);

        self.add(line);
        line.add(new Number(0, 1));

        assertThat(done).hasValue(10_000);
    }
}
