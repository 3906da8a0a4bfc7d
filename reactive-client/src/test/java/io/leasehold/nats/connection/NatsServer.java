package io.leasehold.nats.connection;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/** A real server of its own, on a port that was free. */
final class NatsServer implements AutoCloseable {
    private static final Pattern LISTENS = Pattern.compile("Listening for (client|route) connections on [^ ]*:(\\d+)");

    private final Process process;
    private final Path folder;
    private final List<String> settings;
    private final int port;
    private final int routePort;

    private NatsServer(Process process, Path folder, List<String> settings, int[] ports) {
        this.process = process;
        this.folder = folder;
        this.settings = settings;
        this.port = ports[0];
        this.routePort = ports[1];
    }

    /** Starts one with some lines of configuration. */
    static NatsServer start(Path folder, String... settings) {
        return start(folder, -1, List.of(settings));
    }

    private static NatsServer start(Path folder, int port, List<String> settings) {
        try {
            Path file = Files.createTempFile(folder, "nats", ".conf");
            Files.writeString(file, "host: \"127.0.0.1\"\nport: " + port + "\n" + String.join("\n", settings) + "\n");
            Process process = launched(file);
            boolean clustered = settings.toString().contains("cluster {");
            return new NatsServer(process, folder, settings, listening(process, clustered));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Where there is no server nothing can be shown, which is an error only where that is asked for. */
    private static Process launched(Path file) throws IOException {
        try {
            return new ProcessBuilder("nats-server", "-c", file.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException missing) {
            if (Boolean.getBoolean("require.servers")) {
                throw missing;
            }
            return Assumptions.abort("install nats-server and have it on the PATH: " + missing.getMessage());
        }
    }

    private static int[] listening(Process process, boolean clustered) throws IOException {
        BufferedReader log = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder seen = new StringBuilder();
        int[] ports = new int[2];
        boolean ready = false;
        while (!ready || (clustered && ports[1] == 0)) {
            String line = log.readLine();
            if (line == null) {
                throw new IOException("nats-server does not start:\n" + seen);
            }
            seen.append(line).append('\n');
            ready |= line.contains("Server is ready");
            Matcher matcher = LISTENS.matcher(line);
            if (matcher.find()) {
                ports[matcher.group(1).equals("client") ? 0 : 1] = Integer.parseInt(matcher.group(2));
            }
        }
        swallow(log);
        return ports;
    }

    private static void swallow(BufferedReader log) {
        Thread reader = new Thread(
                () -> {
                    try {
                        log.transferTo(Writer.nullWriter());
                    } catch (IOException ended) {
                        // So has the server.
                        Thread.currentThread().interrupt();
                    }
                },
                "nats-server-log");
        reader.setDaemon(true);
        reader.start();
    }

    ServerAddress address() {
        return new ServerAddress("127.0.0.1", port, false);
    }

    int port() {
        return port;
    }

    int routePort() {
        return routePort;
    }

    /** Sends a signal, as in {@code USR2}. */
    void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor(5, TimeUnit.SECONDS);
    }

    /** The same on the same port, after this one has ended. */
    NatsServer again() {
        return start(folder, port, settings);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
