package io.leasehold.nats.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A resource outside of all clients, reached over TCP, that takes an effect on something only under a token that is not
 * older than the newest that it has seen for it.
 */
final class FencedStore implements AutoCloseable {
    private static final int LIMIT_MILLIS = 10_000;

    private final ServerSocket socket;
    private final Map<String, String> newest = new ConcurrentHashMap<>();
    private final List<Effect> effects = new CopyOnWriteArrayList<>();

    /** What was asked for, in order. */
    record Effect(String who, String what, String token, boolean taken) {}

    FencedStore() {
        try {
            socket = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::serve, "fenced store");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept()) {
                client.setSoTimeout(LIMIT_MILLIS);
                String line = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))
                        .readLine();
                if (line != null) {
                    String answer = takes(line.split(" ")) ? "yes\n" : "no\n";
                    client.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                }
            } catch (IOException gone) {
                // Whoever asked has not heard of it: a client that was killed, or our own end.
            }
        }
    }

    private boolean takes(String[] words) {
        String kept = newest.merge(words[1], words[2], (old, asked) -> asked.compareTo(old) >= 0 ? asked : old);
        boolean taken = kept.equals(words[2]);
        effects.add(new Effect(words[0], words[1], words[2], taken));
        return taken;
    }

    int port() {
        return socket.getLocalPort();
    }

    List<Effect> effects() {
        return effects;
    }

    /** Asks a store for an effect, from any process; blocks. */
    static boolean ask(int port, String who, String what, String token) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(LIMIT_MILLIS);
            socket.getOutputStream().write((who + " " + what + " " + token + "\n").getBytes(StandardCharsets.UTF_8));
            String answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            return "yes".equals(answer);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
