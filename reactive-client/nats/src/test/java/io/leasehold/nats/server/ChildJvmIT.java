package io.leasehold.nats.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.Threads;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Programs of the tests run by themselves, and do not outlive the test. */
class ChildJvmIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** Prints numbers until it is stopped. */
    static final class Counting {
        private Counting() {}

        public static void main(String... arguments) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("left")));
            System.out.println(arguments[0] + " begins");
            int[] count = {0};
            Executors.newSingleThreadScheduledExecutor()
                    .scheduleAtFixedRate(() -> System.out.println(count[0]++), 0, 5, TimeUnit.MILLISECONDS);
        }
    }

    private static void assertGoesOn(ChildJvm child) {
        int before = child.lines().size();
        Threads.await("more", LIMIT, () -> child.lines().size() > before);
    }

    @Test
    void itTellsWhatItDoesAndStandsStillWhileFrozen() {
        try (ChildJvm child = ChildJvm.start(Counting.class, "one")) {
            child.awaitLine("one begins");
            assertGoesOn(child);
            child.freeze();
            // What was printed before the freeze may still be on its way.
            Threads.await("silence", LIMIT, () -> {
                int before = child.lines().size();
                return IntStream.range(0, 50).allMatch(i -> {
                    java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                    return child.lines().size() == before;
                });
            });
            child.thaw();
            assertGoesOn(child);
        }
    }

    @Test
    void itEndsWhenAskedWithItsHooksRun() {
        try (ChildJvm child = ChildJvm.start(Counting.class, "two")) {
            child.awaitLine("two begins");
            child.terminate();
            assertThat(child.isRunning()).isFalse();
            assertThat(child.lines()).contains("left");
        }
    }

    @Test
    void itIsGoneWhenClosedEvenFrozen() {
        ChildJvm child = ChildJvm.start(Counting.class, "three");
        child.awaitLine("three begins");
        child.freeze();
        child.close();

        assertThat(child.isRunning()).isFalse();
        assertThat(child.lines()).doesNotContain("left");
    }

    @Test
    void whyItDidNotBeginIsTold() {
        try (ChildJvm child = ChildJvm.start(Counting.class)) {
            assertThatThrownBy(() -> child.awaitLine("begins"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("ArrayIndexOutOfBounds");
        }
    }
}
