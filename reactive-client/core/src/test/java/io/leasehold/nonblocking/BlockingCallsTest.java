package io.leasehold.nonblocking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What blocks where it must not is found, and fails its test; a blocked thread that may block is not. */
class BlockingCallsTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static void waitABit() {
        try {
            assertThat(new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS)).isFalse();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static void on(Scheduler scheduler, Runnable task) {
        Mono.fromRunnable(task).subscribeOn(scheduler).block(LIMIT);
    }

    private static void waitAndCatch() {
        try {
            waitABit();
        } catch (BlockingCalls.BlockingCall caught) {
            assertThat(caught).hasMessageContaining("park");
        }
    }

    /** Tests that block; run by {@link #aTestFailsInWhichSomethingBlocked} alone. */
    static class Blocking {
        @Test
        void onAThreadOfTheParallelScheduler() {
            on(Schedulers.parallel(), BlockingCallsTest::waitAndCatch);
        }

        @Test
        void onATimeThread() {
            on(Schedulers.single(), BlockingCallsTest::waitAndCatch);
        }

        @Test
        void inVirtualTime() {
            VirtualTimeScheduler time = VirtualTimeScheduler.create();
            time.schedule(BlockingCallsTest::waitAndCatch);
            time.advanceTimeBy(Duration.ofSeconds(1));
        }

        @Test
        void whereItIsAllowed() {
            waitABit();
            on(Schedulers.boundedElastic(), BlockingCallsTest::waitABit);
        }
    }

    @Test
    void aTestFailsInWhichSomethingBlocked() {
        TestExecutionSummary summary = run(Blocking.class);
        assertThat(summary.getTestsSucceededCount()).isEqualTo(1);
        List<TestExecutionSummary.Failure> failures = summary.getFailures();

        assertThat(failures)
                .extracting(failure -> failure.getTestIdentifier().getDisplayName())
                .containsExactlyInAnyOrder(
                        "on a thread of the parallel scheduler", "on a time thread", "in virtual time");
        assertThat(failures)
                .extracting(TestExecutionSummary.Failure::getException)
                .allSatisfy(error -> assertThat(error).hasCauseInstanceOf(BlockingCalls.BlockingCall.class));
    }

    private static TestExecutionSummary run(Class<?> tests) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(tests))
                                .build(),
                        listener);
        return listener.getSummary();
    }

    @Test
    void waitingForALockOnATimeThreadIsFoundAlthoughTheErrorIsCaught() {
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        on(Schedulers.single(), () -> {
            try {
                lock.lock();
            } catch (BlockingCalls.BlockingCall caught) {
                assertThat(caught).hasMessageContaining("park");
            }
        });
        lock.unlock();

        assertThat(BlockingCalls.take()).hasSize(1);
    }

    @Test
    void whoBlocksIsToldAtOnce() {
        assertThatThrownBy(() -> on(Schedulers.parallel(), BlockingCallsTest::waitABit))
                .hasCauseInstanceOf(BlockingCalls.BlockingCall.class);
        assertThat(BlockingCalls.take()).hasSize(1);
    }
}
