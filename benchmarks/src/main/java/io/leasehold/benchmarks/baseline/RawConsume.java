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
    private static final byte[] CONFIRMED_ACK = RawSocket.bytes(" " + ANSWERED + " 4\r\n+ACK\r\n");

    private final RawSocket socket;
    private final Task task;
    private final int credit;
    private final boolean confirmed;
    private int received;
    private int done;
    private int asked;

    private RawConsume(Task task, int credit, boolean confirmed) throws IOException {
        this.task = task;
        this.credit = credit;
        this.confirmed = confirmed;
        this.socket = RawSocket.connect(task.port());
        socket.write(RawSocket.bytes("SUB " + INBOX + " " + MESSAGES + "\r\nSUB " + ANSWERED + " " + ANSWERS + "\r\n"));
        socket.flush();
    }

    /** Acks that are written, with so many messages asked for. */
    public static Contender written(int credit) {
        return new Contender("raw", task -> new RawConsume(task, credit, false));
    }

    /** Acks that are answered, with so many messages between asking and answer. */
    public static Contender confirmed(int credit) {
        return new Contender("raw", task -> new RawConsume(task, credit, true));
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
        socket.write(confirmed ? CONFIRMED_ACK : ACK);
        if (!confirmed) {
            done = received;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
