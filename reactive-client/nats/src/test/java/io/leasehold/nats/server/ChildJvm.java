package io.leasehold.nats.server;

import io.leasehold.Threads;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A program of the test sources in a JVM of its own, which can be frozen and killed. What it prints is what it
 * tells.
 */
public final class ChildJvm implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final List<String> OPTIONS = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final GuardedProcess process;

    private ChildJvm(GuardedProcess process) {
        this.process = process;
    }

    public static ChildJvm start(Class<?> program, String... arguments) {
        return start(program, line -> false, arguments);
    }

    /** Lines that are taken are not kept. */
    public static ChildJvm start(Class<?> program, Predicate<String> taken, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(List.of("-cp", classPath(), program.getName()));
        command.addAll(List.of(arguments));
        return new ChildJvm(GuardedProcess.start(command, taken));
    }

    // Where Maven starts us, the class path of the JVM itself holds no more than its starter.
    private static String classPath() {
        if (ChildJvm.class.getClassLoader() instanceof URLClassLoader loader) {
            return Stream.of(loader.getURLs()).map(URL::getPath).collect(Collectors.joining(File.pathSeparator));
        }
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** What it has printed; the oldest lines are dropped. */
    public List<String> lines() {
        return process.log();
    }

    /** Waits until it has printed something. */
    public void awaitLine(String part) {
        Threads.await("'" + part + "'", LIMIT, () -> process.said(part) || process.hasEnded());
        if (!process.said(part)) {
            throw new AssertionError("it did not print '" + part + "': " + String.join("\n", lines()));
        }
    }

    /** Stops it in the middle of whatever it does; its connections stay. */
    public void freeze() {
        process.freeze();
    }

    /** Lets it go on. */
    public void thaw() {
        process.signal("CONT");
    }

    /** Asks it to end: its shutdown hooks run. */
    public void terminate() {
        process.signal("TERM");
        process.awaitEnd();
    }

    public boolean isRunning() {
        return !process.hasEnded();
    }

    /** Kills it, however it is. */
    @Override
    public void close() {
        process.end();
    }
}
