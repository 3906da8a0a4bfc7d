package io.leasehold.nats.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end, in a folder, within a limit. */
record SystemCommand(Path folder, Duration limit) {

    private static final String ADMINISTRATORS = ":/usr/local/sbin:/usr/sbin";

    /** How a program ended, and what it said. */
    record Result(int exit, String output) {

        boolean succeeded() {
            return exit == 0;
        }
    }

    Result run(String... words) {
        return run(List.of(words));
    }

    /** Standard output and errors go to a file: a program that hangs cannot make its reader hang. */
    Result run(List<String> words) {
        try {
            Path output = Files.createTempFile(BuildFolder.work(), "output", ".txt");
            try {
                return run(words, output);
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(words + " does not run", e);
        }
    }

    private Result run(List<String> words, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            String text = Files.readString(output, StandardCharsets.UTF_8);
            return ended ? new Result(process.exitValue(), text) : new Result(-1, text + "\nnot ended after " + limit);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Where a program is on the PATH, or where administrators have theirs; else null. */
    static Path find(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        for (String folder : (path + ADMINISTRATORS).split(":")) {
            Path file = Path.of(folder, program);
            if (!folder.isEmpty() && Files.isExecutable(file)) {
                return file;
            }
        }
        return null;
    }
}
