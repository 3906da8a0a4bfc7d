package io.leasehold.nats.jetstream;

import io.leasehold.Threads;
import io.leasehold.nats.server.RawNats;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * A server with one stream {@code S} and one consumer {@code G} that hands out what the test says, when it says so:
 * for what real servers do only now and then. One client at a time.
 */
final class ScriptedServer implements AutoCloseable {
    static final String STREAM = "S";
    static final String GROUP = "G";
    private static final String INFO =
            "{\"server_id\":\"SCRIPT\",\"version\":\"2.10.27\",\"headers\":true," + "\"max_payload\":1048576}";
    private static final String STREAM_TOLD = "{\"created\":\"2026-01-01T00:00:00Z\",\"state\":{\"last_seq\":0},"
            + "\"config\":{\"name\":\"S\",\"subjects\":[\"S.>\"],\"duplicate_window\":120000000000}}";
    private static final String CONSUMER = "{\"stream_name\":\"S\",\"name\":\"G\",\"created\":\"2026-01-01T00:00:00Z\","
            + "\"config\":{\"durable_name\":\"G\",\"ack_policy\":\"explicit\",\"ack_wait\":%d,"
            + "\"filter_subject\":\"S.>\"},\"delivered\":{\"consumer_seq\":0},\"num_pending\":0}";

    private static final String UNMARKED = "leasehold\"";

    // Behind what was asked for, which is told again.
    private static final String MADE = ",\"name\":\"G\",\"created\":\"2026-01-01T00:00:00Z\"}";

    private final ServerSocket socket;
    private final long leaseNanos;
    private final List<Sent> sent = new CopyOnWriteArrayList<>();
    private final Map<String, String> sids = new ConcurrentHashMap<>();
    private volatile Socket client;
    private volatile boolean away;
    private volatile boolean answering;
    private volatile String consumerTold = "";
    private volatile boolean marked;
    private volatile List<String> publishAnswers = List.of("{\"stream\":\"S\",\"seq\":7}");

    /** Something that the client wrote. */
    record Sent(String subject, String reply, String body, long nanos) {}

    ScriptedServer(long leaseNanos) {
        this.leaseNanos = leaseNanos;
        try {
            socket = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::serve, "scripted server");
        thread.setDaemon(true);
        thread.start();
    }

    String url() {
        return "nats://127.0.0.1:" + socket.getLocalPort();
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket accepted = socket.accept()) {
                if (away) {
                    continue;
                }
                accepted.setTcpNoDelay(true);
                client = accepted;
                sids.clear();
                write("INFO " + INFO + "\r\n");
                talk(new BufferedInputStream(accepted.getInputStream()));
            } catch (IOException | UncheckedIOException gone) {
                client = null;
            }
        }
    }

    private void talk(InputStream in) throws IOException {
        while (true) {
            String[] words = line(in).split(" ");
            switch (words[0]) {
                case "PING" -> write("PONG\r\n");
                case "SUB" -> sids.put(words[1], words[words.length - 1]);
                case "PUB", "HPUB" -> published(words, in);
                default -> {}
            }
        }
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).strip();
    }

    private void published(String[] words, InputStream in) throws IOException {
        boolean headed = words[0].equals("HPUB");
        int size = Integer.parseInt(words[words.length - 1]);
        String reply = words.length > (headed ? 4 : 3) ? words[2] : "";
        String body = new String(in.readNBytes(size + 2), StandardCharsets.ISO_8859_1).stripTrailing();
        Sent each = new Sent(words[1], reply, body, System.nanoTime());
        sent.add(each);
        if (each.subject().startsWith("$JS.API.STREAM.NAMES")) {
            answer(each, "{\"total\":1,\"streams\":[\"" + STREAM + "\"]}");
        } else if (each.subject().startsWith("$JS.API.STREAM.INFO")) {
            answer(each, STREAM_TOLD);
        } else if (each.subject().startsWith("$JS.API.CONSUMER.INFO")) {
            answer(each, consumerTold.isEmpty() ? CONSUMER.formatted(leaseNanos) : consumerTold);
        } else if (each.subject().startsWith("$JS.API.CONSUMER.CREATE")) {
            String told = marked ? body.replace(UNMARKED, "leasehold life 1796030618179740800\"") : body;
            answer(each, told.substring(0, told.length() - 1) + MADE);
        } else if (each.subject().startsWith(STREAM + ".")) {
            publishAnswers.forEach(told -> answer(each, told));
        } else if (each.subject().startsWith("$JS.ACK.") && answering && !reply.isEmpty()) {
            answer(each, "");
        }
    }

    private void write(String text) {
        Socket present = client;
        try {
            if (present != null) {
                present.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tells whoever makes a consumer that somebody else has marked its life meanwhile. */
    void markWhatIsMade() {
        marked = true;
    }

    /** Tells the client that this server is about to go, or that it is not. */
    void leave(boolean yes) {
        write("INFO " + INFO.replace("}", ",\"ldm\":" + yes + "}") + "\r\n");
    }

    /** How often something was asked whose subject begins like this. */
    long asked(String prefix) {
        return sent.stream().filter(each -> each.subject().startsWith(prefix)).count();
    }

    /** From now on the consumer is told of as by a server that says that it was made at another instant. */
    void tellOfConsumerMadeAt(String instant) {
        consumerTold = CONSUMER.formatted(leaseNanos).replace("2026-01-01T00:00:00Z", instant);
    }

    /** From now on the consumer is told of as by a server that has had it since then, and handed out so much of it. */
    void tellOfConsumer(String created, String lastActive, int delivered) {
        String active = "\"delivered\":{\"consumer_seq\":%d,\"last_active\":\"%s\"}".formatted(delivered, lastActive);
        consumerTold = CONSUMER.formatted(leaseNanos)
                .replace("2026-01-01T00:00:00Z", created)
                .replace("\"delivered\":{\"consumer_seq\":0}", active);
    }

    /** What is told of the consumer from now on. */
    void tellOfConsumer(String info) {
        consumerTold = info;
    }

    /** Answers something that asked for it. */
    void answer(Sent to, String body) {
        write(message(to.reply(), sidOf(to.reply()), "", body));
    }

    private static String message(String subject, String sid, String reply, String body) {
        String way = subject + " " + sid + (reply.isEmpty() ? "" : " " + reply);
        return "MSG " + way + " " + body.length() + "\r\n" + body + "\r\n";
    }

    private String sidOf(String subject) {
        String wild = subject.substring(0, subject.lastIndexOf('.') + 1) + "*";
        return Optional.ofNullable(sids.get(subject)).orElseGet(() -> sids.get(wild));
    }

    /** From now on it answers settlements and touches, as servers do. */
    void answerSettlements() {
        answering = true;
    }

    /** Answers none any more by itself. */
    void leaveSettlements() {
        answering = false;
    }

    /** From now on each publish is answered so, one answer after the other. */
    void answerPublishes(String... answers) {
        publishAnswers = List.of(answers);
    }

    /** The last pull, as soon as there is one. */
    Sent lastPull() {
        pull(0);
        List<Sent> pulls = sent.stream().filter(ScriptedServer::isPull).toList();
        return pulls.get(pulls.size() - 1);
    }

    private static boolean isPull(Sent each) {
        return each.subject().startsWith("$JS.API.CONSUMER.MSG.NEXT.");
    }

    /** The pull of this number, from 0, as soon as it was asked. */
    Sent pull(int number) {
        return nth(number, ScriptedServer::isPull);
    }

    /** The settlement or touch of this number, from 0. */
    Sent settlement(int number) {
        return nth(number, each -> each.subject().startsWith("$JS.ACK."));
    }

    private Sent nth(int number, Predicate<Sent> which) {
        Threads.await(
                "number " + number,
                RawNats.LIMIT,
                () -> sent.stream().filter(which).count() > number);
        return sent.stream().filter(which).toList().get(number);
    }

    /** What was written so far. */
    List<Sent> sent() {
        return sent;
    }

    /** Hands out a message for a pull. */
    void deliver(Sent pull, int sequence) {
        write(delivery(pull, sequence));
    }

    String delivery(Sent pull, int sequence) {
        return delivery(pull, ack(sequence), "body " + sequence);
    }

    /** A delivery with another reply subject, or with none. */
    String delivery(Sent pull, String ack, String body) {
        return message(STREAM + ".a", sidOf(pull.reply()), ack, body);
    }

    /** A delivery with this header block. */
    String headed(Sent pull, int sequence, String block, String body) {
        return "HMSG S.a %s %s %d %d\r\n%s%s\r\n"
                .formatted(
                        sidOf(pull.reply()),
                        ack(sequence),
                        block.length(),
                        block.length() + body.length(),
                        block,
                        body);
    }

    private static String ack(int sequence) {
        return "$JS.ACK.S.G.1." + sequence + "." + sequence + ".1767225600000000000.0";
    }

    /** Tells a status of a pull. */
    void tell(Sent pull, String status) {
        String head = "NATS/1.0 " + status + "\r\n\r\n";
        write("HMSG " + pull.reply() + " " + sidOf(pull.reply()) + " " + head.length() + " " + head.length() + "\r\n"
                + head + "\r\n");
    }

    /** Ends the connection, and takes no other one until it is back. */
    void leave() throws IOException {
        away = true;
        client.close();
    }

    /** Takes connections again. */
    void comeBack() {
        away = false;
    }

    /** Bytes as they are. */
    void raw(String bytes) {
        write(bytes);
    }

    @Override
    public void close() {
        try {
            socket.close();
            Socket present = client;
            if (present != null) {
                present.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
