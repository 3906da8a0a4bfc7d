package io.leasehold.nats.server;

import io.leasehold.Threads;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The protocol by hand, so that tests state what servers do without any client in between. Text is ISO-8859-1: one
 * character, one byte. Subscriptions keep what they get until it is asked for.
 */
public final class RawNats implements AutoCloseable {
    /** How long any answer may take. */
    public static final Duration LIMIT = Duration.ofSeconds(10);

    private static final String OPTIONS = "{\"verbose\":false,\"pedantic\":false,\"lang\":\"raw\",\"version\":\"1\","
            + "\"protocol\":1,\"headers\":true,\"no_responders\":true}";

    private final Socket socket;
    private final InputStream in;
    private final AtomicInteger lastSid = new AtomicInteger();
    private final AtomicInteger pongs = new AtomicInteger();
    private final Map<Integer, BlockingQueue<RawMessage>> messages = new ConcurrentHashMap<>();
    private final List<String> infos = new CopyOnWriteArrayList<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private volatile boolean ended;

    private RawNats(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** A connection that the server has accepted. */
    public static RawNats connect(int port) {
        RawNats nats = open(port);
        nats.send("CONNECT " + OPTIONS + "\r\n");
        nats.flush();
        return nats;
    }

    /** A connection on which nothing was written. */
    public static RawNats open(int port) {
        try {
            Socket socket = new Socket();
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), Math.toIntExact(LIMIT.toMillis()));
            socket.setTcpNoDelay(true);
            RawNats nats = new RawNats(socket);
            Thread reader = new Thread(nats::read, "raw connection");
            reader.setDaemon(true);
            reader.start();
            return nats;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes these bytes and no others. */
    public void send(String text) {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the server has read everything that was written. */
    public void flush() {
        int before = pongs.get();
        send("PING\r\n");
        Threads.await("an answer to PING " + errors, LIMIT, () -> pongs.get() > before || ended);
        if (pongs.get() <= before) {
            throw new IllegalStateException("the connection ended: " + errors);
        }
    }

    /** Subscribes, and returns the number of the subscription. */
    public int subscribe(String subject) {
        int sid = lastSid.incrementAndGet();
        messages.put(sid, new LinkedBlockingQueue<>());
        send("SUB " + subject + " " + sid + "\r\n");
        return sid;
    }

    public void unsubscribe(int sid) {
        send("UNSUB " + sid + "\r\n");
    }

    public void publish(String subject, String body) {
        send("PUB " + subject + " " + body.length() + "\r\n" + body + "\r\n");
    }

    public void publish(String subject, String reply, String body) {
        send("PUB " + subject + " " + reply + " " + body.length() + "\r\n" + body + "\r\n");
    }

    /** With header lines, each ended by CR LF; the reply may be empty. */
    public void publish(String subject, String reply, String headers, String body) {
        String block = "NATS/1.0\r\n" + headers + "\r\n";
        int total = block.length() + body.length();
        send("HPUB " + subject + " " + reply + " " + block.length() + " " + total + "\r\n" + block + body + "\r\n");
    }

    /** A subject that nobody else uses. */
    public static String inbox() {
        return "_INBOX." + UUID.randomUUID().toString().replace("-", "");
    }

    /** What is answered; there must be an answer. */
    public RawMessage request(String subject, String body) {
        return answer(subject, "", body, LIMIT)
                .orElseThrow(() -> new AssertionError("no answer from " + subject + " to " + body + errors));
    }

    /** What is answered within a limit, if anything. */
    public Optional<RawMessage> answer(String subject, String headers, String body, Duration limit) {
        String inbox = inbox();
        int sid = subscribe(inbox);
        if (headers.isEmpty()) {
            publish(subject, inbox, body);
        } else {
            publish(subject, inbox, headers, body);
        }
        Optional<RawMessage> answer = next(sid, limit);
        unsubscribe(sid);
        messages.remove(sid);
        return answer;
    }

    /** The next message of a subscription, which must come. */
    public RawMessage next(int sid) {
        return next(sid, LIMIT).orElseThrow(() -> new AssertionError("nothing came" + errors));
    }

    /** The next message of a subscription within a limit. */
    public Optional<RawMessage> next(int sid, Duration limit) {
        try {
            return Optional.ofNullable(messages.get(sid).poll(limit.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Drops what a subscription has got so far. */
    public void drop(int sid) {
        messages.get(sid).clear();
    }

    /** The JSON that the server wrote about itself, each time that it did. */
    public List<String> infos() {
        return infos;
    }

    /** The errors that the server wrote. */
    public List<String> errors() {
        return errors;
    }

    public boolean hasEnded() {
        return ended;
    }

    private void read() {
        try {
            while (true) {
                take(line());
            }
        } catch (IOException | RuntimeException end) {
            ended = true;
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).strip();
    }

    private void take(String line) throws IOException {
        String[] words = line.split("\\s+", 2);
        switch (words[0]) {
            case "PING" -> send("PONG\r\n");
            case "PONG" -> pongs.incrementAndGet();
            case "INFO" -> infos.add(words[1]);
            case "-ERR" -> errors.add(words[1]);
            case "MSG" -> message(words[1].split("\\s+"), false);
            case "HMSG" -> message(words[1].split("\\s+"), true);
            default -> throw new IOException("not understood: " + line);
        }
    }

    private void message(String[] words, boolean withHeaders) throws IOException {
        int total = Integer.parseInt(words[words.length - 1]);
        int head = withHeaders ? Integer.parseInt(words[words.length - 2]) : 0;
        boolean withReply = words.length > (withHeaders ? 4 : 3);
        String content = new String(in.readNBytes(total + 2), StandardCharsets.ISO_8859_1);
        RawMessage message = new RawMessage(
                words[0],
                Integer.parseInt(words[1]),
                withReply ? words[2] : "",
                content.substring(0, head).strip(),
                content.substring(head, total),
                System.nanoTime());
        BlockingQueue<RawMessage> queue = messages.get(message.sid());
        if (queue != null) {
            queue.add(message);
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
