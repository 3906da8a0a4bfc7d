package io.leasehold.nats.chaos;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Notes when this process, or a part of it, did not get on: no promise holds for one that does not run. */
final class Pulse implements AutoCloseable {
    private static final long BEAT_NANOS = Duration.ofMillis(5).toNanos();
    private static final long STALL_NANOS = Duration.ofMillis(40).toNanos();

    private final Thread thread;
    private volatile boolean ended;

    Pulse(String who, Witness witness) {
        thread = new Thread(() -> beat(who, witness), "pulse");
        thread.setDaemon(true);
        thread.start();
    }

    private void beat(String who, Witness witness) {
        long last = System.nanoTime();
        while (!ended) {
            LockSupport.parkNanos(BEAT_NANOS);
            long now = System.nanoTime();
            if (now - last > BEAT_NANOS + STALL_NANOS) {
                String note = "for " + (now - last) / 1_000_000 + " ms";
                witness.saw(new Fact(now, who, Fact.What.STALLED, "", "", 0, last, note));
            }
            last = now;
        }
    }

    @Override
    public void close() {
        ended = true;
        LockSupport.unpark(thread);
    }
}
