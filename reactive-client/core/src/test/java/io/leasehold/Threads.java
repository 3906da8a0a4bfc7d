package io.leasehold;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The threads of the library, and waiting for real ones. */
public final class Threads {
    private static final Duration GLANCE = Duration.ofNanos(200_000);

    private Threads() {}

    /** The names of our threads that live now; but for those that write lines, which all clients share. */
    public static List<String> ours() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("leasehold") && !name.startsWith("leasehold-log"))
                .sorted()
                .toList();
    }

    /** Waits until something holds, up to a limit. */
    public static void await(String what, Duration limit, BooleanSupplier holds) {
        await(what, limit, GLANCE, holds);
    }

    /** The same for what costs somebody something to be asked: with pauses of that length. */
    public static void await(String what, Duration limit, Duration glance, BooleanSupplier holds) {
        long end = System.nanoTime() + limit.toNanos();
        boolean held = holds.getAsBoolean();
        while (!held && System.nanoTime() < end) {
            java.util.concurrent.locks.LockSupport.parkNanos(glance.toNanos());
            held = holds.getAsBoolean();
        }
        assertThat(held).as(what).isTrue();
    }
}
