package io.leasehold.nats.server;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The servers that tests run against, oldest first. In this order: those named by {@code -Dnats.servers=FILE:FILE};
 * packages of the distribution, unpacked under {@code target/nats-servers} when first asked for, until {@code clean};
 * the one on the PATH; those of Docker's images. Of these {@code -Dnats.newest} leaves the newest alone; {@code
 * -Drequire.servers} makes it an error that there is none.
 */
public final class NatsServers {
    /** What to do where none was found. */
    static final String NONE = "no nats-server: install the package nats-server, put one on the PATH,"
            + " or name some with -Dnats.servers=FILE:FILE";

    private NatsServers() {}

    /** All that were found; possibly none. */
    public static List<ServerBinary> all() {
        return Found.SERVERS;
    }

    /** The newest that was found. */
    public static ServerBinary newest() {
        if (all().isEmpty()) {
            throw new IllegalStateException(NONE);
        }
        return all().get(all().size() - 1);
    }

    /** Those of all, oldest first, that are left when the newest is to be alone, as a property says. */
    static List<ServerBinary> chosen(List<ServerBinary> all, String newestAlone) {
        boolean each = newestAlone == null || newestAlone.equals("false");
        return List.copyOf(each || all.isEmpty() ? all : all.subList(all.size() - 1, all.size()));
    }

    /** Whether a test fails, instead of being skipped, where there is no server. */
    static boolean areRequired() {
        String required = System.getProperty("require.servers");
        return required != null && !required.equals("false");
    }

    /** Found once for each run, by whoever asks first. */
    private static final class Found {
        private static final Duration TRIED = Duration.ofMinutes(10);
        private static final List<ServerBinary> SERVERS = find();

        private static List<ServerBinary> find() {
            List<ServerBinary> found = new ArrayList<>(named());
            if (found.isEmpty()) {
                found.addAll(packaged());
            }
            if (found.isEmpty()) {
                Path program = SystemCommand.find("nats-server");
                Stream.ofNullable(program)
                        .map(ServerBinary::of)
                        .filter(Objects::nonNull)
                        .forEach(found::add);
            }
            if (found.isEmpty()) {
                found.addAll(pulled());
            }
            found.sort(Comparator.comparing(ServerBinary::version));
            return chosen(found, System.getProperty("nats.newest"));
        }

        private static List<ServerBinary> named() {
            return Stream.of(System.getProperty("nats.servers", "").split(File.pathSeparator))
                    .filter(name -> !name.isBlank())
                    .map(name -> Objects.requireNonNull(ServerBinary.of(Path.of(name)), name + " is no nats-server"))
                    .toList();
        }

        private static List<ServerBinary> pulled() {
            Path docker = SystemCommand.find("docker");
            try {
                return docker == null ? List.of() : new DockerServers(docker, folder()).copied();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static Path folder() throws IOException {
            return Files.createDirectories(BuildFolder.path().resolve("nats-servers"));
        }

        private static List<ServerBinary> packaged() {
            try {
                Path folder = folder();
                List<ServerBinary> there = in(folder);
                return there.isEmpty() ? unpacked(folder) : there;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        // Forks that begin together wait for the first one. Where it found none, they do not all try again.
        private static List<ServerBinary> unpacked(Path folder) throws IOException {
            Path tried = folder.resolve("tried");
            try (FileChannel channel = FileChannel.open(tried, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                List<ServerBinary> there = in(folder);
                boolean again = channel.size() == 0
                        || Files.getLastModifiedTime(tried)
                                .toInstant()
                                .isBefore(Instant.now().minus(TRIED));
                if (there.isEmpty() && lock.isValid() && again) {
                    DebianServers.unpackInto(folder);
                    channel.write(ByteBuffer.wrap("packages were looked for\n".getBytes(StandardCharsets.US_ASCII)), 0);
                    there = in(folder);
                }
                return there;
            }
        }

        private static List<ServerBinary> in(Path folder) throws IOException {
            try (Stream<Path> versions = Files.list(folder)) {
                return versions.map(version -> version.resolve("nats-server"))
                        .filter(Files::isExecutable)
                        .map(ServerBinary::of)
                        .filter(Objects::nonNull)
                        .toList();
            }
        }
    }
}
