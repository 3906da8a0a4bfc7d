package io.leasehold.benchmarks.compare;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * What was used up to an instant, by us and by the server. Only one side works at a time, so what we use is what that
 * side uses.
 *
 * <p>CPU is that of all threads but those of the compiler, in nanoseconds, from {@code /proc/PID/task/TID/schedstat}:
 * collecting garbage is the fault of who makes it, compiling is not. Where the kernel does not count so, from {@code
 * /proc/PID/stat}, in steps of 10 ms. Allocated is what all threads that live allocated. What threads did that have
 * ended meanwhile is missing; the sides' threads live as long as their trial.
 *
 * @param nanos the instant, or how long it took
 * @param allocated bytes
 * @param client nanoseconds of CPU of ours
 * @param server nanoseconds of CPU of the server
 */
record Costs(long nanos, long allocated, long client, long server) {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long TICK_NANOS = 10_000_000L;
    private static final int UTIME = 11;
    private static final int STIME = 12;

    /** Up to now, as the beginning: what reading allocates and takes comes before it. */
    static Costs before(long server) throws IOException {
        long theirs = cpu(server);
        long ours = cpu(ProcessHandle.current().pid());
        long bytes = allocatedBytes();
        return new Costs(System.nanoTime(), bytes, ours, theirs);
    }

    /** What came since then: what reading allocates and takes comes after it. */
    static Costs since(Costs before, long server) throws IOException {
        long nanos = System.nanoTime() - before.nanos;
        long bytes = allocatedBytes() - before.allocated;
        long ours = cpu(ProcessHandle.current().pid()) - before.client;
        return new Costs(nanos, bytes, ours, cpu(server) - before.server);
    }

    private static long allocatedBytes() {
        long sum = 0;
        for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
            sum += Math.max(0, bytes);
        }
        return sum;
    }

    private static long cpu(long pid) throws IOException {
        long sum = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks) {
                sum += cpuOf(task);
            }
        }
        return sum > 0 ? sum : ticks(pid) * TICK_NANOS;
    }

    private static long cpuOf(Path task) throws IOException {
        try {
            String name = Files.readString(task.resolve("comm"));
            if (name.startsWith("C1 ") || name.startsWith("C2 ")) {
                return 0;
            }
            String told = Files.readString(task.resolve("schedstat"));
            return Long.parseLong(told.substring(0, told.indexOf(' ')));
        } catch (NoSuchFileException ended) {
            return 0;
        }
    }

    private static long ticks(long pid) throws IOException {
        String told = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = told.substring(told.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]);
    }
}
