package io.leasehold.nats.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Says at the end of a run against which servers was tested, or how much was skipped for want of one. A fork that is
 * told {@code -Dtested.servers=later} leaves that to the one that comes last in the same build.
 */
public final class TestedServers implements TestExecutionListener {
    private static final String SKIPPED = "skipped";
    private static final ConcurrentLinkedQueue<String> NOTES = new ConcurrentLinkedQueue<>();

    static void note(ServerBinary binary) {
        NOTES.add(binary.version().toString());
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        if (reason.contains(NatsServers.NONE)) {
            NOTES.add(SKIPPED);
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        try {
            if (System.getProperty("tested.servers", "").equals("later")) {
                leave(taken());
            } else if (!NOTES.isEmpty()) {
                NOTES.addAll(left());
                System.out.println("[nats-server] " + line(List.copyOf(NOTES)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // A fork that does one class after another ends a plan with each.
    private static List<String> taken() {
        List<String> notes = new ArrayList<>();
        for (String note = NOTES.poll(); note != null; note = NOTES.poll()) {
            notes.add(note);
        }
        return notes;
    }

    /** What is said of some notes: a version for each start, and each class that was skipped. */
    static String line(List<String> notes) {
        long skipped = notes.stream().filter(SKIPPED::equals).count();
        if (skipped > 0) {
            return "skipped " + skipped + " test classes: " + NatsServers.NONE;
        }
        Map<ServerBinary.Version, Long> started = notes.stream()
                .collect(Collectors.groupingBy(ServerBinary.Version::of, TreeMap::new, Collectors.counting()));
        return started.entrySet().stream()
                .map(entry -> entry.getKey() + " (started " + entry.getValue() + " times)")
                .collect(Collectors.joining(", ", "tested with ", ""));
    }

    // All tests of a build are given the same number, those of another build another one.
    private static Path notes() {
        return BuildFolder.work().resolve("tested-" + System.getProperty("test.seed"));
    }

    // Forks write at the same time: one write each, which is not torn.
    private static void leave(List<String> notes) throws IOException {
        byte[] lines = notes.stream()
                .map(note -> note + "\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.US_ASCII);
        Files.write(notes(), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static List<String> left() throws IOException {
        if (!Files.exists(notes())) {
            return List.of();
        }
        List<String> left = Files.readAllLines(notes());
        Files.delete(notes());
        return left;
    }
}
