package io.leasehold.lease.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Threads;
import io.leasehold.lease.Ticker;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Cancels run on real threads, more of them the longer the oldest has waited; time is virtual. */
class CancelExecutorTest {
    private static final Duration PATIENCE = Duration.ofMillis(25);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Scheduler threads =
            Schedulers.newBoundedElastic(CancelExecutor.THREADS_MAX, 100_000, "cancel-test", 60, true);
    private final NotedReports reports = new NotedReports();
    private final CancelExecutor executor = new CancelExecutor(threads, time, new Ticker(time), reports);
    private final Semaphore begun = new Semaphore(0);
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger done = new AtomicInteger();

    @AfterEach
    void dispose() {
        release.countDown();
        threads.dispose();
    }

    private void stuckCancel() {
        begun.release();
        await(release);
        done.incrementAndGet();
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody released it");
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private void stuck(int cancels) {
        for (int i = 0; i < cancels; i++) {
            executor.execute(this::stuckCancel);
        }
    }

    private void assertBegun(int cancels) throws InterruptedException {
        assertThat(begun.tryAcquire(cancels, LIMIT.toSeconds(), TimeUnit.SECONDS))
                .as("%d more have begun", cancels)
                .isTrue();
    }

    private void assertNoneBegins() throws InterruptedException {
        assertThat(begun.tryAcquire(100, TimeUnit.MILLISECONDS))
                .as("one more has begun")
                .isFalse();
    }

    private void assertAllDone(int cancels) throws InterruptedException {
        CountDownLatch last = new CountDownLatch(1);
        release.countDown();
        executor.execute(last::countDown);
        assertThat(last.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        Threads.await("all are done", LIMIT, () -> done.get() == cancels);
    }

    @Test
    void twoRunAtOnceAndTheThirdWaits() throws InterruptedException {
        stuck(3);
        assertBegun(2);
        assertNoneBegins();
        assertAllDone(3);
    }

    @Test
    void oneMoreThreadComesWheneverTheOldestHasWaitedLongEnough() throws InterruptedException {
        stuck(6);
        assertBegun(2);
        time.advanceTimeBy(PATIENCE.minusNanos(1));
        assertNoneBegins();
        for (int i = 0; i < 4; i++) {
            time.advanceTimeBy(PATIENCE);
            assertBegun(1);
            assertNoneBegins();
        }

        assertAllDone(6);
    }

    @Test
    void thereAreNoMoreThanSixtyFourAndBeyondThatItIsSaidSo() throws InterruptedException {
        stuck(70);
        assertBegun(2);
        for (int i = 2; i < CancelExecutor.THREADS_MAX; i++) {
            time.advanceTimeBy(PATIENCE);
            assertBegun(1);
        }
        assertThat(reports.starved).hasValue(0);
        time.advanceTimeBy(PATIENCE.multipliedBy(3));

        assertNoneBegins();
        assertThat(reports.starved.get()).isPositive();
        assertAllDone(70);
    }

    @Test
    void nothingIsCheckedWhileNothingWaits() throws InterruptedException {
        executor.execute(() -> done.incrementAndGet());
        assertAllDone(1);
        time.advanceTimeBy(Duration.ofSeconds(1));
        long before = time.getScheduledTaskCount();
        time.advanceTimeBy(Duration.ofHours(1));

        assertThat(time.getScheduledTaskCount()).isEqualTo(before);
    }

    @Test
    void aCancelThatThrowsHoldsBackNobodyElse() throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            executor.execute(() -> {
                throw new IllegalStateException("a cancel of the user's");
            });
            executor.execute(done::incrementAndGet);
        }

        assertAllDone(10);
        // The other thread may still be about to tell the last one.
        Threads.await("each is told", LIMIT, () -> reports.faults.size() == 10);
    }

    @Test
    void everyCancelsDelayIsTold() throws InterruptedException {
        stuck(3);
        assertBegun(2);
        time.advanceTimeBy(PATIENCE);

        assertBegun(1);
        assertAllDone(3);
        assertThat(reports.cancelDelays).hasSize(4).contains(PATIENCE.toNanos());
    }

    @Test
    void tenThousandCancelsAllRun() throws InterruptedException {
        for (int i = 0; i < 10_000; i++) {
            executor.execute(done::incrementAndGet);
        }

        assertAllDone(10_000);
        assertThat(reports.faults).isEmpty();
    }
}
