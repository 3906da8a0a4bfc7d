package io.leasehold;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class VirtualTimeTest {
    private static final int TASKS = 20_000;

    @Test
    void whatAnotherThreadSchedulesRunsOnce() throws Exception {
        VirtualTimeScheduler time = VirtualTime.create();
        AtomicIntegerArray runs = new AtomicIntegerArray(2 * TASKS);
        CountDownLatch scheduled = new CountDownLatch(1);
        Thread other = new Thread(() -> {
            for (int i = 0; i < TASKS; i++) {
                int task = i;
                time.schedule(() -> runs.incrementAndGet(task));
            }
            scheduled.countDown();
        });
        other.start();
        for (int i = TASKS; i < 2 * TASKS; i++) {
            int task = i;
            time.schedule(() -> runs.incrementAndGet(task), 1, TimeUnit.MILLISECONDS);
            time.advanceTimeBy(Duration.ofMillis(1));
        }
        assertThat(scheduled.await(30, TimeUnit.SECONDS)).isTrue();
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(IntStream.range(0, 2 * TASKS).filter(task -> runs.get(task) != 1))
                .isEmpty();
    }
}
