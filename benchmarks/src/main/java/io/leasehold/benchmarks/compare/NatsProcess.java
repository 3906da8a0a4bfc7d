package io.leasehold.benchmarks.compare;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A server of our own on a free port, with a folder of its own; it ends with us. */
final class NatsProcess implements AutoCloseable {
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int CONNECT_MILLIS = 200;

    private final Path folder;
    private final int port;
    private final Process process;
    private final Thread last = new Thread(this::end, "end of the server");

    private NatsProcess(Path program) throws IOException {
        folder = Files.createTempDirectory("leasehold-compare-");
        port = freePort();
        Path config = folder.resolve("server.conf");
        Files.writeString(config, String.format(Locale.ROOT, """
                        listen: "127.0.0.1:%d"
                        server_name: compared
                        jetstream { store_dir: "%s", max_mem: 8GB, max_file: 32GB }
                        """, port, folder.resolve("store")));
        process = new ProcessBuilder(program.toString(), "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("server.log").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(last);
    }

    /** Starts one and waits until it takes connections. */
    static NatsProcess start(Path program) throws IOException {
        NatsProcess server = new NatsProcess(program);
        long until = System.nanoTime() + START_NANOS;
        while (!server.answers()) {
            if (!server.process.isAlive() || System.nanoTime() - until > 0) {
                String said = Files.readString(server.folder.resolve("server.log"));
                server.close();
                throw new IOException(program + " does not serve: " + said);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }

        return server;
    }

    /** What it says of its version. */
    static String version(Path program) throws IOException {
        Process asked = new ProcessBuilder(program.toString(), "--version")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader reader = asked.inputReader(StandardCharsets.UTF_8)) {
            return String.valueOf(reader.readLine());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(last);
        end();
    }

    private void end() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
