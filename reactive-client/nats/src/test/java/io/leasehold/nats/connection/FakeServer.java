package io.leasehold.nats.connection;

import io.leasehold.wire.ServerAddress;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/** A server that does what the test says, good or bad. */
final class FakeServer implements AutoCloseable {
    static final String INFO =
            "{\"server_id\":\"FAKE\",\"version\":\"2.10.27\",\"headers\":true,\"max_payload\":1048576";
    private static final int LIMIT_MILLIS = 20_000;

    private final ServerSocket socket;
    private final List<Closeable> open = new ArrayList<>();

    FakeServer() {
        this(ServerSocketFactory.getDefault());
    }

    FakeServer(ServerSocketFactory sockets) {
        this(sockets, 0);
    }

    private FakeServer(ServerSocketFactory sockets, int port) {
        try {
            socket = sockets.createServerSocket(port, 16, InetAddress.getLoopbackAddress());
            socket.setSoTimeout(LIMIT_MILLIS);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** In the place of a server that has ended. */
    static FakeServer at(int port) {
        return new FakeServer(ServerSocketFactory.getDefault(), port);
    }

    ServerAddress address() {
        return new ServerAddress("127.0.0.1", socket.getLocalPort(), false);
    }

    Peer accept() throws IOException {
        Socket accepted = socket.accept();
        accepted.setSoTimeout(LIMIT_MILLIS);
        accepted.setTcpNoDelay(true);
        open.add(accepted);
        return new Peer(accepted);
    }

    /** The same, or null when nobody comes within a moment. */
    Peer acceptSoon() throws IOException {
        socket.setSoTimeout(20);
        try {
            return accept();
        } catch (SocketTimeoutException nobody) {
            return null;
        } finally {
            socket.setSoTimeout(LIMIT_MILLIS);
        }
    }

    /** Accepts and does what a server does up to its welcome. */
    Peer welcome() throws IOException {
        Peer peer = accept();
        peer.welcome();
        return peer;
    }

    @Override
    public void close() {
        open.add(socket);
        for (Closeable each : open) {
            try {
                each.close();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    /** One connection, seen from the server. */
    static final class Peer {
        private Socket socket;
        private InputStream in;

        private Peer(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
        }

        void welcome() throws IOException {
            welcome(INFO);
        }

        void welcome(String info) throws IOException {
            send("INFO " + info + "}\r\n");
            String connect = line();
            if (!connect.startsWith("CONNECT {") || !line().equals("PING")) {
                throw new IOException("not a client: " + connect);
            }
            send("PONG\r\n");
        }

        /** Goes on under TLS, as the server. */
        void secure(SSLContext identity) throws IOException {
            SSLSocket secured =
                    (SSLSocket) identity.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
            secured.setUseClientMode(false);
            socket = secured;
            in = new BufferedInputStream(secured.getInputStream());
        }

        /** The next byte. */
        int read() throws IOException {
            return in.read();
        }

        void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        }

        /** The next line without its end; null at the end of the stream. */
        String line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int each = in.read(); each != '\n'; each = in.read()) {
                if (each < 0) {
                    return null;
                }
                line.write(each);
            }
            String text = line.toString(StandardCharsets.ISO_8859_1);
            return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        }

        /** Whether something comes within a moment. */
        boolean hasLine() throws IOException {
            socket.setSoTimeout(20);
            try {
                in.mark(1);
                int first = in.read();
                in.reset();
                return first >= 0;
            } catch (SocketTimeoutException nothing) {
                return false;
            } finally {
                socket.setSoTimeout(LIMIT_MILLIS);
            }
        }

        /** The next line that begins so; pings on the way are answered. */
        String lineOf(String verb) throws IOException {
            for (String line = line(); line != null; line = line()) {
                if (line.startsWith(verb)) {
                    return line;
                }
                if (line.equals("PING")) {
                    send("PONG\r\n");
                }
            }
            throw new IOException("the client has gone before it said " + verb);
        }

        /** Reads up to the end of the stream; what came. */
        String rest() throws IOException {
            try {
                return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            } catch (SocketException | SSLException broken) {
                return "";
            }
        }

        /** Whether the connection ends by a reset, after what is there was read. */
        boolean isReset() throws IOException {
            try {
                in.readAllBytes();
                return false;
            } catch (SocketException reset) {
                return true;
            }
        }

        void close() throws IOException {
            socket.close();
        }

        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}
