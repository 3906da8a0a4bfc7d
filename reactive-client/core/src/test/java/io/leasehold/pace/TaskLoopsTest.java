package io.leasehold.pace;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class TaskLoopsTest {
    private final List<Throwable> faults = Collections.synchronizedList(new ArrayList<>());

    @Test
    void aBurstIsOneHopPerLoop() {
        List<Runnable> hops = new ArrayList<>();
        TaskLoops loops = new TaskLoops(Schedulers.fromExecutor(hops::add), 2, faults::add);
        AtomicInteger done = new AtomicInteger();

        for (int i = 0; i < 500; i++) {
            loops.execute(done::incrementAndGet);
        }
        assertThat(hops).hasSize(2);
        hops.forEach(Runnable::run);

        assertThat(done).hasValue(500);
    }

    @Test
    void aTaskThatThrowsIsToldAndTheOthersRun() {
        TaskLoops loops = new TaskLoops(Schedulers.immediate(), 1, faults::add);
        AtomicInteger done = new AtomicInteger();

        loops.execute(() -> {
            throw new IllegalStateException("task");
        });
        loops.execute(done::incrementAndGet);

        assertThat(faults).hasSize(1);
        assertThat(done).hasValue(1);
    }

    @Test
    void tasksThatHoldAllThreadsButOneHoldBackNoOther() throws Exception {
        Scheduler scheduler = Schedulers.newParallel("loops", 4);
        CountDownLatch release = new CountDownLatch(1);
        try {
            TaskLoops loops = new TaskLoops(scheduler, 4, faults::add);
            CountDownLatch stuck = new CountDownLatch(3);
            for (int i = 0; i < 3; i++) {
                loops.execute(() -> {
                    stuck.countDown();
                    await(release);
                });
            }
            await(stuck);
            for (int round = 0; round < 1000; round++) {
                CountDownLatch done = new CountDownLatch(3);
                for (int i = 0; i < 3; i++) {
                    loops.execute(done::countDown);
                }
                await(done);
            }
            assertThat(faults).isEmpty();
        } finally {
            release.countDown();
            scheduler.dispose();
        }
    }

    @Test
    void afterTheEndTasksRunByHopsOfTheirOwn() {
        TaskLoops loops = new TaskLoops(Schedulers.immediate(), 2, faults::add);
        AtomicInteger done = new AtomicInteger();

        loops.execute(() -> {
            loops.dispose();
            done.incrementAndGet();
        });
        for (int i = 0; i < 1000; i++) {
            loops.execute(done::incrementAndGet);
        }

        assertThat(loops.isDisposed()).isTrue();
        assertThat(done).hasValue(1001);
        assertThat(faults).isEmpty();
    }

    @Test
    void idleWorkersAreGivenBack() throws Exception {
        Scheduler scheduler = Schedulers.newBoundedElastic(2, 10, "loops", 1, true);
        TaskLoops loops = new TaskLoops(scheduler, 2, faults::add);
        CountDownLatch done = new CountDownLatch(100);

        for (int i = 0; i < 100; i++) {
            loops.execute(done::countDown);
        }
        await(done);
        loops.dispose();
        CountDownLatch after = new CountDownLatch(1);
        loops.execute(after::countDown);
        await(after);
        scheduler.dispose();

        assertThat(faults).isEmpty();
    }

    @Test
    void anEndedSchedulerIsTold() {
        Scheduler scheduler = Schedulers.newSingle("ended");
        scheduler.dispose();
        new TaskLoops(scheduler, 1, faults::add).execute(() -> {});

        assertThat(faults)
                .allMatch(told -> MessagingException.codeOf(told) == ErrorCode.SCHEDULER_REJECTED)
                .hasSize(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
