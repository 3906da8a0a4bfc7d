package io.leasehold.nats.server;

import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Says at the end of a run against which servers was tested, or how much was skipped for want of one. */
public final class TestedServers implements TestExecutionListener {
    private static final Map<ServerBinary.Version, AtomicInteger> STARTED = new ConcurrentHashMap<>();

    private final AtomicInteger skipped = new AtomicInteger();

    static void note(ServerBinary binary) {
        STARTED.computeIfAbsent(binary.version(), version -> new AtomicInteger())
                .incrementAndGet();
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        if (reason.contains(NatsServers.NONE)) {
            skipped.incrementAndGet();
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        if (skipped.get() > 0) {
            print("skipped " + skipped + " test classes: " + NatsServers.NONE);
        } else if (!STARTED.isEmpty()) {
            print("tested with " + tested());
        }
    }

    private static String tested() {
        return STARTED.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.naturalOrder()))
                .map(entry -> entry.getKey() + " (started " + entry.getValue() + " times)")
                .collect(Collectors.joining(", "));
    }

    private static void print(String line) {
        System.out.println("[nats-server] " + line);
    }
}
