package io.leasehold.nats.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for servers that come back on the same one. They are below those that systems hand out by themselves: no
 * outgoing connection takes the port of a server while it is down, and no client connects to itself. JVMs that test at
 * the same time, told apart by {@code -Dtest.fork}, take them from ranges of their own. One that was handed out is not
 * handed out again before all others were: whoever has it may not listen yet, and a proxy on the port of its own server
 * would dial itself until no descriptor is left.
 */
final class Ports {
    private static final int FORKS = 8;
    private static final int EACH = 1_500;
    private static final int FIRST = 20_000 + EACH * (Integer.getInteger("test.fork", 0) % FORKS);
    private static final AtomicInteger HANDED_OUT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(EACH));

    private Ports() {}

    static int free() {
        for (int i = 0; i < EACH; i++) {
            int port = FIRST + Math.floorMod(HANDED_OUT.getAndIncrement(), EACH);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port");
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
