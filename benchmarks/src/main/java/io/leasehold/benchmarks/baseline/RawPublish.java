package io.leasehold.benchmarks.baseline;

import io.leasehold.benchmarks.contender.Stopwatch;
import io.leasehold.benchmarks.contender.Task;
import io.leasehold.benchmarks.contender.Trial;
import java.io.IOException;

/** Publishes with answers on a bare socket, with or without ids. */
public final class RawPublish implements Trial {
    private static final String INBOX = "_INBOX.raw";
    private static final int ID_DIGITS = 16;
    private static final byte[] HEX = RawSocket.bytes("0123456789abcdef");

    private final RawSocket socket;
    private final Task task;
    private final byte[] frame;
    private final int idAt;

    private RawPublish(Task task, boolean withId) throws IOException {
        this.task = task;
        String header = withId ? "NATS/1.0\r\nNats-Msg-Id: " + "0".repeat(ID_DIGITS) + "\r\n\r\n" : "";
        String sizes = withId
                ? header.length() + " " + (header.length() + task.bodyBytes())
                : String.valueOf(task.bodyBytes());
        String line = (withId ? "HPUB " : "PUB ") + task.subject() + " " + INBOX + " " + sizes + "\r\n";
        byte[] head = RawSocket.bytes(line + header);
        frame = new byte[head.length + task.bodyBytes() + 2];
        System.arraycopy(head, 0, frame, 0, head.length);
        System.arraycopy(task.body(), 0, frame, head.length, task.bodyBytes());
        frame[frame.length - 2] = '\r';
        frame[frame.length - 1] = '\n';
        idAt = withId ? head.length - ID_DIGITS - 4 : -1;
        socket = RawSocket.connect(task.port());
        socket.write(RawSocket.bytes("SUB " + INBOX + " 1\r\n"));
        socket.flush();
    }

    /** Without ids: the server looks for no duplicates. */
    public static RawPublish plain(Task task) throws IOException {
        return new RawPublish(task, false);
    }

    /** With ids, as we publish. */
    public static RawPublish withIds(Task task) throws IOException {
        return new RawPublish(task, true);
    }

    @Override
    public double run() throws IOException {
        Stopwatch watch = Stopwatch.sampling(task.messages());
        int sent = 0;
        int acked = 0;
        while (acked < task.messages()) {
            int until = Math.min(task.messages(), acked + task.window());
            while (sent < until) {
                watch.begin(sent);
                mark(sent++);
                socket.write(frame);
            }
            socket.flush();
            socket.more();
            while (socket.poll()) {
                requireStored();
                watch.end(acked++);
            }
        }

        return watch.medianMicros();
    }

    private void mark(int number) {
        for (int i = 0, rest = number; idAt >= 0 && i < ID_DIGITS; i++, rest >>>= 4) {
            frame[idAt + ID_DIGITS - 1 - i] = HEX[rest & 15];
        }
    }

    // {"stream":.. or {"error":..
    private void requireStored() throws IOException {
        if (socket.bodyByte(2) != 's') {
            throw new IOException("a publish was refused");
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
