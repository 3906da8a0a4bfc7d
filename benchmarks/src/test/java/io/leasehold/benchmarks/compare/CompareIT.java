package io.leasehold.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command does one round of everything with a few messages, on a real server. */
class CompareIT {
    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void everySideDoesEveryWorkload() throws Exception {
        Optional<Path> server = server();
        assumeTrue(server.isPresent() || System.getProperty("require.servers") != null, "no nats-server on the PATH");
        Path json = folder.resolve("numbers.json");
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int status = Compare.run(
                List.of(
                        "--nats-server",
                        server.orElseThrow().toString(),
                        "--json",
                        json.toString(),
                        "--rounds",
                        "1",
                        "--warm",
                        "0",
                        "--messages",
                        "200"),
                new PrintStream(said, true, StandardCharsets.UTF_8));
        String text = said.toString(StandardCharsets.UTF_8);

        assertThat(status).as(text).isZero();
        assertThat(text).contains("÷ jnats", "÷ raw", "200 consumers on one connection");
        assertThat(Files.readString(json))
                .contains(Workloads.all().stream().map(Workload::name).toList())
                .contains("ratios", "startSeconds");
    }

    /** The first that is named, else one of those that the client's tests unpacked, else the one on the PATH. */
    private static Optional<Path> server() throws Exception {
        Path unpacked = Path.of("..", "reactive-client", "nats", "target", "nats-servers");
        String named = System.getProperty("nats.servers", "").split(File.pathSeparator, -1)[0];
        if (!named.isEmpty()) {
            return Optional.of(Path.of(named));
        }
        if (Files.isDirectory(unpacked)) {
            try (Stream<Path> versions = Files.list(unpacked)) {
                Optional<Path> found = versions.map(version -> version.resolve("nats-server"))
                        .filter(Files::isExecutable)
                        .findFirst();
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/local/sbin:/usr/sbin";
        return Stream.of(path.split(":", -1))
                .map(each -> Path.of(each, "nats-server"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
