package io.leasehold.nats.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A nats-server that can be run here. */
public record ServerBinary(Version version, Path path) {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Pattern SAID = Pattern.compile("v?(\\d+)\\.(\\d+)\\.(\\d+)");

    /** Asks a program for its version; null when it does not tell one. */
    static ServerBinary of(Path path) {
        SystemCommand.Result result = new SystemCommand(BuildFolder.work(), LIMIT)
                .run(path.toAbsolutePath().toString(), "--version");
        Matcher said = SAID.matcher(result.output());
        return result.succeeded() && said.find() ? new ServerBinary(Version.of(said.group()), path) : null;
    }

    /** Whether it is of this version or newer. */
    public boolean isAtLeast(String other) {
        return version.compareTo(Version.of(other)) >= 0;
    }

    @Override
    public String toString() {
        return "nats-server " + version;
    }

    /** Three numbers. */
    public record Version(int major, int minor, int patch) implements Comparable<Version> {

        static Version of(String text) {
            Matcher said = SAID.matcher(text);
            if (!said.find()) {
                throw new IllegalArgumentException("no version: " + text);
            }
            return new Version(number(said.group(1)), number(said.group(2)), number(said.group(3)));
        }

        private static int number(String digits) {
            return Integer.parseInt(digits);
        }

        @Override
        public int compareTo(Version other) {
            if (major != other.major) {
                return Integer.compare(major, other.major);
            }
            return minor != other.minor ? Integer.compare(minor, other.minor) : Integer.compare(patch, other.patch);
        }

        @Override
        public String toString() {
            return major + "." + minor + "." + patch;
        }
    }
}
