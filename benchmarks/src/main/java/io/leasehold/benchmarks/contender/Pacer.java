package io.leasehold.benchmarks.contender;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Sends at an even pace: what the machine delays is made up for, not left out. */
public final class Pacer {
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private Pacer() {}

    /** Sends one message. */
    @FunctionalInterface
    public interface Sender {
        /** The message of that number, from 0. */
        void send(int message) throws IOException;
    }

    /** Sends so many, so many in a second. */
    public static void send(int messages, int perSecond, Sender sender) throws IOException {
        long start = System.nanoTime();
        long gap = SECOND_NANOS / perSecond;
        for (int i = 0; i < messages; i++) {
            long left = start + i * gap - System.nanoTime();
            while (left > 0) {
                LockSupport.parkNanos(left);
                left = start + i * gap - System.nanoTime();
            }
            sender.send(i);
        }
    }
}
