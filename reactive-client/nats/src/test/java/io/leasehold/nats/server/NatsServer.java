package io.leasehold.nats.server;

import io.leasehold.Threads;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A server with JetStream, on the loopback. Port and store stay the same over restarts; {@link #close} removes
 * them. One call at a time, from any thread.
 */
public final class NatsServer implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int TRIES = 5;
    private static final String BASICS = """
            server_name: "%s"
            listen: "127.0.0.1:%d"
            http: "127.0.0.1:%d"
            jetstream { store_dir: "%s", max_memory_store: 256MB, max_file_store: 4GB }
            lame_duck_duration: "30s"
            lame_duck_grace_period: "1s"
            """;

    private final ServerBinary binary;
    private final String name;
    private final int port;
    private final int monitor;
    private final Path folder;
    private volatile GuardedProcess process;
    private volatile boolean frozen;

    private NatsServer(ServerBinary binary, String name, int port) {
        this.binary = binary;
        this.name = name;
        this.port = port;
        monitor = Ports.free();
        folder = BuildFolder.fresh(name);
    }

    /** A server that is ready. */
    public static NatsServer start(ServerBinary binary) {
        return start(binary, "");
    }

    /** A server that is ready, with more configuration in the server's own words. */
    public static NatsServer start(ServerBinary binary, String more) {
        for (int i = 1; ; i++) {
            NatsServer server = prepare(binary, "alone", more);
            try {
                server.start();
                return server;
            } catch (AssertionError failed) {
                boolean taken = server.process.said("address already in use");
                server.close();
                if (!taken || i == TRIES) {
                    throw failed;
                }
            }
        }
    }

    /** A server that does not run yet. */
    static NatsServer prepare(ServerBinary binary, String name, String more) {
        NatsServer server = new NatsServer(binary, name, Ports.free());
        server.configure(more);
        return server;
    }

    /** Takes effect at the next start; what is always set is set anew. */
    public void configure(String more) {
        String basics = BASICS.formatted(name, port, monitor, store());
        try {
            Files.writeString(config(), basics + more);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path store() {
        return folder.resolve("store");
    }

    /** What is written of a consumer whose stream is kept in files. */
    public WrittenGroup written(String stream, String consumer) {
        return new WrittenGroup(store(), stream, consumer);
    }

    private Path config() {
        return folder.resolve("server.conf");
    }

    /** Starts again after an end, and waits until clients are served. */
    public void start() {
        begin();
        awaitLog("Server is ready");
    }

    /** Starts, and does not wait. */
    void begin() {
        if (isRunning()) {
            throw new IllegalStateException(name + " runs already");
        }
        TestedServers.note(binary);
        frozen = false;
        process = GuardedProcess.start(List.of(binary.path().toAbsolutePath().toString(), "-c", config().toString()));
    }

    /** Ends it as an administrator would, and waits for the end. */
    public void terminate() {
        process.signal("TERM");
        process.awaitEnd();
    }

    /**
     * Ends it as a crash would, and waits for the end. It forgets what it has done for consumers and not written yet
     * ({@link #written}); messages whose storing was confirmed are there again.
     */
    public void kill() {
        process.end();
    }

    /** Ends it as an administrator would, and starts it again. */
    public void restart() {
        terminate();
        start();
    }

    /** Stops it in the middle of whatever it does; connections stay. */
    public void freeze() {
        process.freeze();
        frozen = true;
    }

    /** Lets a frozen one go on. */
    public void thaw() {
        process.signal("CONT");
        frozen = false;
    }

    /** Lets it send its clients away, from 1 s to 30 s from now, and then end. */
    public void lameDuck() {
        process.signal("USR2");
    }

    /** Reads its configuration again. */
    public void reload() {
        process.signal("HUP");
    }

    public boolean isRunning() {
        return process != null && !process.hasEnded();
    }

    /** Whether it runs and is not frozen. */
    public boolean isAwake() {
        return isRunning() && !frozen;
    }

    public ServerBinary binary() {
        return binary;
    }

    public String name() {
        return name;
    }

    public int port() {
        return port;
    }

    public String url() {
        return "nats://127.0.0.1:" + port;
    }

    /** What it has said since it was last started. */
    public List<String> log() {
        return process.log();
    }

    /** Waits until it has said something since it was last started. */
    public void awaitLog(String part) {
        Threads.await("'" + part + "'", LIMIT, () -> process.said(part) || process.hasEnded());
        if (!process.said(part)) {
            throw new AssertionError(binary + " did not say '" + part + "': " + String.join("\n", log()));
        }
    }

    /** The answer of its monitoring to a path such as {@code /healthz}, with the status first; empty without one. */
    public String monitor(String path) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + monitor + path).toURL().openConnection();
            connection.setConnectTimeout(1_000);
            connection.setReadTimeout(1_000);
            int status = connection.getResponseCode();
            try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                String text = body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
                return status + " " + text;
            } finally {
                connection.disconnect();
            }
        } catch (IOException unreachable) {
            return "";
        }
    }

    /** Ends it however it is, and removes what it stored. */
    @Override
    public void close() {
        if (process != null) {
            process.end();
        }
        BuildFolder.remove(folder);
    }

    @Override
    public String toString() {
        return binary + " " + name + " " + url();
    }
}
