package io.leasehold.benchmarks.baseline;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of the NATS protocol with next to nothing around them: the floor of what a client costs. One thread, two
 * arrays, no allocation. It believes what the server says.
 */
final class RawSocket implements Closeable {
    private static final int IN_BYTES = 256 * 1_024;
    private static final int OUT_BYTES = 64 * 1_024;
    private static final byte[] PONG = bytes("PONG\r\n");

    private final SocketChannel channel;
    private final byte[] in = new byte[IN_BYTES];
    private final ByteBuffer reading = ByteBuffer.wrap(in);
    private final ByteBuffer writing = ByteBuffer.allocate(OUT_BYTES);
    private int from;
    private int to;
    private boolean answered;

    // The message that was read last.
    private int sid;
    private int replyFrom;
    private int replyLength;
    private int bodyFrom;

    private RawSocket(SocketChannel channel) {
        this.channel = channel;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static RawSocket connect(int port) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        RawSocket socket = new RawSocket(channel);
        socket.write(bytes("CONNECT {\"verbose\":false,\"headers\":true,\"no_responders\":true}\r\n"));
        socket.write(bytes("PING\r\n"));
        socket.flush();
        while (!socket.answered) {
            socket.next();
        }

        return socket;
    }

    // ---- writing

    /** Puts bytes into the buffer, which goes out when it is full or flushed. */
    void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
    }

    private void write(byte[] bytes, int start, int length) throws IOException {
        if (length > writing.remaining()) {
            flush();
        }
        writing.put(bytes, start, length);
    }

    /** Puts the reply subject of the last message into the buffer. */
    void writeReply() throws IOException {
        write(in, replyFrom, replyLength);
    }

    void flush() throws IOException {
        writing.flip();
        while (writing.hasRemaining()) {
            channel.write(writing);
        }
        writing.clear();
    }

    // ---- reading

    /** Reads a message from what is here; false when none is whole. What was read before it is not here any more. */
    boolean poll() throws IOException {
        while (true) {
            int end = lineEnd();
            if (end < 0) {
                return false;
            }
            byte first = in[from];
            if (first == 'M' || first == 'H') {
                return takeMessage(end);
            }
            takeWord(first, end);
            from = end + 2;
        }
    }

    private int lineEnd() {
        for (int i = from + 1; i < to; i++) {
            if (in[i] == '\n') {
                return i - 1;
            }
        }
        return -1;
    }

    private void takeWord(byte first, int end) throws IOException {
        if (first == '-') {
            throw new IOException(new String(in, from, end - from, StandardCharsets.US_ASCII));
        }
        if (first == 'P' && in[from + 1] == 'I') {
            write(PONG);
        } else if (first == 'P') {
            answered = true;
        }
    }

    // MSG subject sid [reply] total, HMSG subject sid [reply] header total.
    private boolean takeMessage(int end) {
        int subject = after(from, end);
        int second = after(subject, end);
        int third = after(second, end);
        int total = lastNumber(end);
        int whole = end + 2 + total + 2;
        if (whole > to) {
            return false;
        }
        sid = number(second, third - 1);
        int fields = 1;
        for (int i = third; i < end; i++) {
            fields += in[i] == ' ' ? 1 : 0;
        }
        boolean replies = fields > (in[from] == 'M' ? 1 : 2);
        replyFrom = third;
        replyLength = replies ? after(third, end) - 1 - third : 0;
        bodyFrom = end + 2;
        from = whole;

        return true;
    }

    private int after(int start, int end) {
        int at = start;
        while (at < end && in[at] != ' ') {
            at++;
        }
        return at + 1;
    }

    private int lastNumber(int end) {
        int at = end;
        while (in[at - 1] != ' ') {
            at--;
        }
        return number(at, end);
    }

    private int number(int start, int end) {
        int number = 0;
        for (int i = start; i < end; i++) {
            number = number * 10 + in[i] - '0';
        }
        return number;
    }

    /** Waits for more bytes. */
    void more() throws IOException {
        System.arraycopy(in, from, in, 0, to - from);
        to -= from;
        from = 0;
        reading.limit(IN_BYTES).position(to);
        int read = channel.read(reading);
        if (read < 0) {
            throw new EOFException("the server ended the connection");
        }
        to += read;
    }

    /** Reads the next message, or takes in what else comes; waits for it. */
    boolean next() throws IOException {
        boolean whole = poll();
        if (!whole && !answered) {
            more();
        }
        return whole;
    }

    int sid() {
        return sid;
    }

    boolean hasReply() {
        return replyLength > 0;
    }

    /** A byte of the body, or of the headers before it. */
    byte bodyByte(int at) {
        return in[bodyFrom + at];
    }

    /** The number that {@link io.leasehold.benchmarks.contender.Numbered} put there. */
    int bodyNumber() {
        return ByteBuffer.wrap(in).getInt(bodyFrom);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
