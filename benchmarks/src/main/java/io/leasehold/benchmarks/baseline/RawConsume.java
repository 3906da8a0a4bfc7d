package io.leasehold.benchmarks.baseline;

import io.leasehold.benchmarks.contender.Contender;
import io.leasehold.benchmarks.contender.Task;
import io.leasehold.benchmarks.contender.Trial;
import java.io.IOException;

/** Pulls and acks on a bare socket; acks are written, or answered too. */
public final class RawConsume implements Trial {
    private static final int MESSAGES = 1;
    private static final int ANSWERS = 2;
    private static final String INBOX = "_INBOX.raw.pull";
    private static final String ANSWERED = "_INBOX.raw.ack";
    private static final byte[] PUB = RawSocket.bytes("PUB ");
    private static final byte[] ACK = RawSocket.bytes(" 4\r\n+ACK\r\n");
    private static final int DIGITS = 8;

    private final RawSocket socket;
    private final Task task;
    private final int credit;
    private final Acks acks;
    private final byte[] suffix;
    private int received;
    private int done;
    private int asked;

    private enum Acks {
        WRITTEN,
        /** All answers come to one subject: how many were answered is known, and not which. */
        ANSWERED,
        /** Each has its own subject for its answer. */
        TOLD_APART
    }

    private RawConsume(Task task, int credit, Acks acks) throws IOException {
        this.task = task;
        this.credit = credit;
        this.acks = acks;
        String numbered = ANSWERED + (acks == Acks.TOLD_APART ? "." + "0".repeat(DIGITS) : "");
        this.suffix = acks == Acks.WRITTEN ? ACK : RawSocket.bytes(" " + numbered + " 4\r\n+ACK\r\n");
        this.socket = RawSocket.connect(task.port());
        String answers = ANSWERED + (acks == Acks.TOLD_APART ? ".*" : "");
        socket.write(RawSocket.bytes("SUB " + INBOX + " " + MESSAGES + "\r\nSUB " + answers + " " + ANSWERS + "\r\n"));
        socket.flush();
    }

    /** Acks that are written, with so many messages asked for. */
    public static Contender written(int credit) {
        return new Contender("raw " + credit, task -> new RawConsume(task, credit, Acks.WRITTEN));
    }

    /** Acks that are answered, with so many messages between asking and answer. */
    public static Contender confirmed(int credit) {
        return new Contender("raw " + credit, task -> new RawConsume(task, credit, Acks.ANSWERED));
    }

    /** The same, with answers of which each tells which ack it is for. */
    public static Contender toldApart(int credit) {
        return new Contender("raw " + credit + " told apart", task -> new RawConsume(task, credit, Acks.TOLD_APART));
    }

    @Override
    public double run() throws Exception {
        while (done < task.messages()) {
            pull();
            socket.flush();
            socket.more();
            while (socket.poll()) {
                if (socket.sid() == ANSWERS) {
                    done++;
                } else if (socket.hasReply()) {
                    ack();
                } else {
                    throw new IOException("a pull ended before its time");
                }
            }
        }
        socket.flush();
        task.acked().await();

        return Double.NaN;
    }

    private void pull() throws IOException {
        int free = Math.min(task.messages() - asked, credit - (asked - done));
        if (free >= Math.min(credit / 2, task.messages() - asked) && free > 0) {
            asked += free;
            String body = "{\"batch\":" + free + ",\"expires\":30000000000}";
            socket.write(RawSocket.bytes("PUB $JS.API.CONSUMER.MSG.NEXT." + task.stream() + "." + task.consumer() + " "
                    + INBOX + " " + body.length() + "\r\n" + body + "\r\n"));
        }
    }

    private void ack() throws IOException {
        received++;
        socket.write(PUB);
        socket.writeReply();
        if (acks == Acks.TOLD_APART) {
            number();
        }
        socket.write(suffix);
        if (acks == Acks.WRITTEN) {
            done = received;
        }
    }

    private void number() {
        int at = 2 + ANSWERED.length();
        for (int digit = 0; digit < DIGITS; digit++) {
            int place = 4 * (DIGITS - 1 - digit);
            suffix[at + digit] = (byte) Character.forDigit((received >>> place) & 15, 16);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
