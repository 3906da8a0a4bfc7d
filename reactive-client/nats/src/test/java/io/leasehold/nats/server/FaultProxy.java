package io.leasehold.nats.server;

import io.leasehold.Threads;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * A bad network before a server on the loopback. It does to bytes what networks do: they come late, in pieces,
 * slowly, or not yet; none is lost or swapped in a connection that lives. Rules hold for all connections, also for
 * those to come, from when the method returns. What is random comes from a seed. For any thread.
 */
public final class FaultProxy implements AutoCloseable {
    private static final EventLoopGroup THREAD = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("fault-proxy", true), NioIoHandler.newFactory());

    /** Small, so that a sender soon feels that nobody reads. */
    private static final int SOCKET_BUFFER_BYTES = 64 << 10;

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int TRIES = 5;
    private static final long UNLIMITED = Long.MAX_VALUE;

    private final int serverPort;
    private final int port = Ports.free();
    private final Map<Direction, AtomicReference<LaneRules>> rules = new EnumMap<>(Direction.class);
    private final Map<Direction, AtomicLong> bytes = new EnumMap<>(Direction.class);
    private final Map<Direction, AtomicLong> bytesLeft = new EnumMap<>(Direction.class);
    private final Set<ProxyConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong accepted = new AtomicLong();
    private Channel listener;

    private FaultProxy(int serverPort) {
        this.serverPort = serverPort;
        for (Direction direction : Direction.values()) {
            rules.put(direction, new AtomicReference<>(LaneRules.NONE));
            bytes.put(direction, new AtomicLong());
            bytesLeft.put(direction, new AtomicLong(UNLIMITED));
        }
    }

    /** A proxy that does no harm yet. */
    public static FaultProxy to(int serverPort) {
        for (int i = 0; i < TRIES; i++) {
            FaultProxy proxy = new FaultProxy(serverPort);
            if (proxy.listen()) {
                return proxy;
            }
        }
        throw new IllegalStateException("every port was taken by somebody else");
    }

    public int port() {
        return port;
    }

    public String url() {
        return "nats://127.0.0.1:" + port;
    }

    /** Bytes take this long. */
    public void delay(Direction direction, Duration delay) {
        delay(direction, delay, delay, 0);
    }

    /** Bytes take between the one and the other, at random; their order stays. */
    public void delay(Direction direction, Duration least, Duration most, long seed) {
        change(direction, now -> now.delayed(least.toNanos(), most.toNanos(), seed));
    }

    /** So many bytes a second, in each connection; 0 ends it. */
    public void limit(Direction direction, long bytesPerSecond) {
        change(direction, now -> now.limited(bytesPerSecond));
    }

    /** Bytes arrive in pieces of up to this size, at random; 0 ends it. */
    public void split(Direction direction, int largestPiece, long seed) {
        change(direction, now -> now.split(largestPiece, seed));
    }

    /**
     * A hole: nothing arrives any more this way, neither bytes nor an end, until {@link #release}. To the sender it
     * is also a receiver that does not read: what it writes piles up. No new connection reaches the server meanwhile.
     */
    public void hold(Direction direction) {
        change(direction, now -> now.held(true));
    }

    /** Holds both ways. */
    public void hold() {
        hold(Direction.TO_SERVER);
        hold(Direction.TO_CLIENT);
    }

    /** What was held arrives. */
    public void release(Direction direction) {
        change(direction, now -> now.held(false));
    }

    /** Releases both ways. */
    public void release() {
        release(Direction.TO_SERVER);
        release(Direction.TO_CLIENT);
    }

    /** Lets exactly so many more bytes through, then resets the connection; the next one is whole again. */
    public void cutAfter(Direction direction, long count) {
        bytesLeft.get(direction).set(count);
    }

    /** Resets all connections. */
    public void reset() {
        onThread(() -> connections.forEach(ProxyConnection::reset));
    }

    /** Ends all connections as if either side had. */
    public void disconnect() {
        onThread(() -> connections.forEach(ProxyConnection::end));
    }

    /** Refuses new connections until {@link #accept}; those that are there stay. */
    public void refuse() {
        listener.close().syncUninterruptibly();
        // The selector lets go of the socket a little later.
        Threads.await("nobody listens", LIMIT, () -> Ports.isFree(port));
    }

    /** Accepts connections, on the same port as before. */
    public void accept() {
        if (!listen()) {
            throw new IllegalStateException("somebody else listens at " + port);
        }
    }

    private boolean listen() {
        ChannelFuture bound = new ServerBootstrap()
                .group(THREAD)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel client) {
                        accepted(client);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), port)
                .awaitUninterruptibly();
        listener = bound.channel();
        return bound.isSuccess();
    }

    private void accepted(SocketChannel client) {
        accepted.incrementAndGet();
        ProxyConnection connection = new ProxyConnection(this, client);
        connections.add(connection);
        client.eventLoop().execute(connection::pump);
    }

    void connect(ProxyConnection connection) {
        ChannelFuture connecting = new Bootstrap()
                .group(THREAD)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort));
        connecting.addListener((ChannelFutureListener) done -> {
            if (done.isSuccess()) {
                connection.connected((SocketChannel) done.channel());
            } else {
                connection.reset();
            }
        });
    }

    LaneRules rules(Direction direction) {
        return rules.get(direction).get();
    }

    boolean isHeldAnywhere() {
        return rules(Direction.TO_SERVER).held() || rules(Direction.TO_CLIENT).held();
    }

    /** Counts bytes that go now, as many of them as may before a cut. */
    long countUpTo(Direction direction, long count) {
        AtomicLong left = bytesLeft.get(direction);
        long allowed = Math.min(count, left.get());
        if (left.get() != UNLIMITED) {
            left.set(allowed < count ? UNLIMITED : left.get() - allowed);
        }
        bytes.get(direction).addAndGet(allowed);
        return allowed;
    }

    void forget(ProxyConnection connection) {
        connections.remove(connection);
    }

    private void change(Direction direction, UnaryOperator<LaneRules> change) {
        rules.get(direction).updateAndGet(change);
        onThread(() -> connections.forEach(ProxyConnection::pump));
    }

    private static void onThread(Runnable task) {
        THREAD.submit(task).syncUninterruptibly();
    }

    /** How many bytes went this way, over all connections. */
    public long bytes(Direction direction) {
        return bytes.get(direction).get();
    }

    /** How many connections there are. */
    public int connections() {
        return connections.size();
    }

    /** How many connections there have been. */
    public long accepted() {
        return accepted.get();
    }

    @Override
    public void close() {
        refuse();
        disconnect();
    }
}
