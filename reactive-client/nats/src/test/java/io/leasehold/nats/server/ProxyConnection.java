package io.leasehold.nats.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;

/**
 * A client's connection and ours to the server, with a lane each way. All of it happens on the proxy's one thread.
 */
final class ProxyConnection {
    private final FaultProxy proxy;
    private final SocketChannel client;
    private SocketChannel server;
    private ProxyLane toServer;
    private ProxyLane toClient;
    private boolean connecting;
    private boolean ended;

    ProxyConnection(FaultProxy proxy, SocketChannel client) {
        this.proxy = proxy;
        this.client = client;
    }

    /** Goes on where it can: through a network that is cut, no connection is made. */
    void pump() {
        if (ended) {
            return;
        }
        if (toServer != null) {
            toServer.pump();
            toClient.pump();
        } else if (!connecting && !proxy.isHeldAnywhere()) {
            connecting = true;
            proxy.connect(this);
        }
    }

    void connected(SocketChannel channel) {
        if (ended) {
            reset(channel);
            channel.close();
            return;
        }
        server = channel;
        toServer = new ProxyLane(proxy, this, Direction.TO_SERVER, client, server);
        toClient = new ProxyLane(proxy, this, Direction.TO_CLIENT, server, client);
        client.pipeline().addLast(new Mouth(toServer, toClient));
        server.pipeline().addLast(new Mouth(toClient, toServer));
        pump();
    }

    /** Both ends see a reset. */
    void reset() {
        reset(client);
        if (server != null) {
            reset(server);
        }
        end();
    }

    private static void reset(Channel channel) {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
    }

    /** Both ends see the other's end. */
    void end() {
        if (ended) {
            return;
        }
        ended = true;
        proxy.forget(this);
        if (toServer != null) {
            toServer.drop();
            toClient.drop();
            server.close();
        }
        client.close();
    }

    void laneFinished() {
        if (toServer.isFinished() && toClient.isFinished()) {
            end();
        }
    }

    /**
     * What comes out of one socket: into the lane that begins here; what can be written again belongs to the other.
     */
    private final class Mouth extends ChannelInboundHandlerAdapter {
        private final ProxyLane begins;
        private final ProxyLane arrives;

        Mouth(ProxyLane begins, ProxyLane arrives) {
            this.begins = begins;
            this.arrives = arrives;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            begins.take((ByteBuf) bytes);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                begins.end();
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            arrives.pump();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            begins.end();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable broken) {
            // Reset by one end: the other sees a reset too, unless nothing gets through to it.
            if (proxy.isHeldAnywhere()) {
                begins.end();
            } else {
                reset();
            }
        }
    }
}
