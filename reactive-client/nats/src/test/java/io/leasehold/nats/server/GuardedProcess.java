package io.leasehold.nats.server;

import io.leasehold.Threads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A process that does not outlive us. A shell stands between: it kills the process when its own input ends, which
 * also happens when this JVM is killed.
 */
final class GuardedProcess {
    /** The number comes first; then only the process itself holds the output, so that its end is the end. */
    private static final String GUARD = "\"$@\" & echo $!; exec >&- 2>&-; read -r end; kill -9 $!";

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int KEPT_LINES = 5_000;

    private final Process shell;
    private final CompletableFuture<Long> pid = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Deque<String> log = new ConcurrentLinkedDeque<>();

    private final Predicate<String> taken;

    private GuardedProcess(Process shell, Predicate<String> taken) {
        this.shell = shell;
        this.taken = taken;
    }

    static GuardedProcess start(List<String> command) {
        return start(command, line -> false);
    }

    /** Lines that are taken are not kept. */
    static GuardedProcess start(List<String> command, Predicate<String> taken) {
        List<String> words = new ArrayList<>(List.of("sh", "-c", GUARD, "sh"));
        words.addAll(command);
        try {
            Process shell = new ProcessBuilder(words).redirectErrorStream(true).start();
            GuardedProcess process = new GuardedProcess(shell, taken);
            Thread reader = new Thread(process::read, "output of a process");
            reader.setDaemon(true);
            reader.start();
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader reader = shell.inputReader(StandardCharsets.UTF_8)) {
            reader.lines().forEach(this::note);
        } catch (UncheckedIOException | IOException closed) {
            log.add("the output ended: " + closed);
        } finally {
            ended.complete(null);
        }
    }

    private void note(String line) {
        if (!pid.isDone() && line.matches("\\d+")) {
            pid.complete(Long.parseLong(line));
            return;
        }
        if (taken.test(line)) {
            return;
        }
        log.add(line);
        if (log.size() > KEPT_LINES) {
            log.removeFirst();
        }
    }

    long pid() {
        return wait(pid, "a process");
    }

    /** Sends a signal by its name, such as TERM. */
    void signal(String name) {
        // The number stays with the process, dead or alive, as long as the shell has not ended.
        SystemCommand.Result result =
                new SystemCommand(BuildFolder.work(), LIMIT).run("sh", "-c", "kill -" + name + " " + pid());
        if (!result.succeeded()) {
            throw new IllegalStateException("signal " + name + ": " + result.output());
        }
    }

    /** Stops all its threads, and returns when they stand: on a busy machine some go on for a moment. */
    void freeze() {
        signal("STOP");
        Threads.await("a stopped process", LIMIT, this::stands);
    }

    private boolean stands() {
        Path tasks = Path.of("/proc", Long.toString(pid()), "task");
        if (!Files.isDirectory(tasks)) {
            return true;
        }
        try (Stream<Path> each = Files.list(tasks)) {
            return each.allMatch(GuardedProcess::standsStill);
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    // The state comes behind the name, which stands in parentheses.
    private static boolean standsStill(Path task) {
        try {
            String stat = Files.readString(task.resolve("stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
        } catch (IOException gone) {
            return true;
        }
    }

    /** Waits for its end. */
    void awaitEnd() {
        wait(ended, "the end of a process");
        end();
    }

    /** Kills it, however it is, and waits for its end. */
    void end() {
        try {
            shell.getOutputStream().close();
            if (!shell.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("the shell of a process does not end");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
        wait(ended, "the end of a killed process");
    }

    private static <T> T wait(CompletableFuture<T> future, String what) {
        Threads.await(what, LIMIT, future::isDone);
        return future.join();
    }

    boolean hasEnded() {
        return ended.isDone();
    }

    /** What it has said; the oldest lines are dropped. */
    List<String> log() {
        return List.copyOf(log);
    }

    boolean said(String part) {
        return log.stream().anyMatch(line -> line.contains(part));
    }
}
