package io.leasehold.spring.boot.server;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A server with JetStream on a free port, for as long as it is not closed and this JVM lives. It is the first that
 * {@code -Dnats.servers} names, else the newest that the client's tests have unpacked, else the one on the PATH. A
 * test is skipped where there is none, and fails with {@code -Drequire.servers}.
 */
public final class LocalNats implements AutoCloseable {
    // A shell that kills the server when its own input ends: it does when this JVM does.
    private static final String GUARD = "\"$@\" & read -r end; kill -9 $!; wait $!";
    private static final int STARTS_MAX = 3;
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Path folder;
    private final int port;
    private final Process shell;

    private LocalNats(Path program, String more) throws IOException {
        folder = Files.createTempDirectory("leasehold-nats-");
        port = freePort();
        Path config = folder.resolve("server.conf");
        Files.writeString(
                config,
                "listen: \"127.0.0.1:" + port + "\"\njetstream { store_dir: \"" + folder.resolve("store") + "\" }\n"
                        + more);
        List<String> command = new ArrayList<>(List.of("sh", "-c", GUARD, "sh"));
        command.addAll(List.of(program.toAbsolutePath().toString(), "-c", config.toString()));
        shell = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("server.log").toFile())
                .start();
    }

    /** Starts one that anybody may use. */
    public static LocalNats start() {
        return start("");
    }

    /** Starts one with more in its configuration. */
    public static LocalNats start(String more) {
        try {
            Path program = program();
            assumeTrue(program != null || System.getProperty("require.servers") != null, "no nats-server is here");
            if (program == null) {
                throw new IllegalStateException("no nats-server: put one on the PATH, or name it: -Dnats.servers=FILE");
            }
            return start(program, more);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    // Somebody else may take the port before it does.
    private static LocalNats start(Path program, String more) throws IOException {
        IllegalStateException failed = null;
        for (int tries = 0; tries < STARTS_MAX; tries++) {
            try {
                return new LocalNats(program, more).awaitStart();
            } catch (IllegalStateException taken) {
                failed = taken;
            }
        }
        throw failed;
    }

    private static Path program() throws IOException {
        String named = System.getProperty("nats.servers", "").split(File.pathSeparator, -1)[0];
        if (!named.isEmpty()) {
            return Path.of(named);
        }
        List<Path> places = new ArrayList<>();
        for (String up : List.of("..", "../..")) {
            places.addAll(unpackedIn(Path.of(up, "reactive-client", "nats", "target", "nats-servers")));
        }
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/local/sbin:/usr/sbin";
        Stream.of(path.split(":", -1))
                .map(folder -> Path.of(folder, "nats-server"))
                .forEach(places::add);
        return places.stream().filter(Files::isExecutable).findFirst().orElse(null);
    }

    private static List<Path> unpackedIn(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> versions = Files.list(folder)) {
            return versions.sorted(Comparator.comparing(LocalNats::order).reversed())
                    .map(version -> version.resolve("nats-server"))
                    .toList();
        }
    }

    // 2.9.10 comes before 2.15.1.
    private static String order(Path version) {
        StringBuilder order = new StringBuilder();
        for (String part : version.getFileName().toString().split("\\.", -1)) {
            order.append(String.format("%8s", part));
        }
        return order.toString();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private LocalNats awaitStart() throws IOException {
        long until = System.nanoTime() + START_NANOS;
        while (!answers()) {
            if (!shell.isAlive() || System.nanoTime() - until > 0) {
                String said = Files.readString(folder.resolve("server.log"));
                close();
                throw new IllegalStateException("the server does not serve: " + said);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return this;
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Where it listens. */
    public String url() {
        return "nats://127.0.0.1:" + port;
    }

    /** Ends it in the midst of a test. */
    public void stop() {
        close();
    }

    /** Ends it, once. */
    @Override
    public void close() {
        try {
            shell.getOutputStream().close();
            if (!shell.waitFor(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the server does not end");
            }
            if (!Files.isDirectory(folder)) {
                return;
            }
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
