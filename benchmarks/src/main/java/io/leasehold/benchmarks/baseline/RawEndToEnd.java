package io.leasehold.benchmarks.baseline;

import io.leasehold.benchmarks.contender.Contender;
import io.leasehold.benchmarks.contender.Countdown;
import io.leasehold.benchmarks.contender.Numbered;
import io.leasehold.benchmarks.contender.Pacer;
import io.leasehold.benchmarks.contender.Stopwatch;
import io.leasehold.benchmarks.contender.Task;
import io.leasehold.benchmarks.contender.Trial;
import java.io.IOException;

/** Publishes on one bare socket and consumes on another, at an even pace. */
public final class RawEndToEnd implements Trial {
    private static final String INBOX = "_INBOX.raw.pull";
    private static final byte[] END = RawSocket.bytes("\r\n");

    private final RawSocket out;
    private final RawSocket in;
    private final Task task;
    private final int perSecond;
    private final Stopwatch watch;
    private final Countdown left;

    private RawEndToEnd(Task task, int perSecond) throws IOException {
        this.task = task;
        this.perSecond = perSecond;
        this.watch = Stopwatch.each(task.messages());
        this.left = new Countdown(task.messages());
        this.out = RawSocket.connect(task.port());
        this.in = RawSocket.connect(task.port());
    }

    /** So many messages in a second. */
    public static Contender at(int perSecond) {
        return new Contender("raw", task -> new RawEndToEnd(task, perSecond));
    }

    @Override
    public double run() throws Exception {
        Thread consuming = new Thread(this::consume, "raw consumer");
        consuming.start();
        byte[] head = RawSocket.bytes("PUB " + task.subject() + " " + task.bodyBytes() + "\r\n");
        Pacer.send(task.messages(), perSecond, i -> {
            byte[] body = Numbered.body(task.bodyBytes(), i);
            watch.begin(i);
            out.write(head);
            out.write(body);
            out.write(END);
            out.flush();
        });
        left.await();
        consuming.join();

        return watch.medianMicros();
    }

    private void consume() {
        try {
            String body = "{\"batch\":" + task.messages() + ",\"expires\":60000000000}";
            in.write(RawSocket.bytes("SUB " + INBOX + " 1\r\nPUB $JS.API.CONSUMER.MSG.NEXT." + task.stream() + "."
                    + task.consumer() + " " + INBOX + " " + body.length() + "\r\n" + body + "\r\n"));
            for (int i = 0; i < task.messages(); ) {
                in.flush();
                in.more();
                while (in.poll()) {
                    watch.end(in.bodyNumber());
                    in.write(RawSocket.bytes("PUB "));
                    in.writeReply();
                    in.write(RawSocket.bytes(" 4\r\n+ACK\r\n"));
                    left.done();
                    i++;
                }
            }
            in.flush();
        } catch (IOException e) {
            left.failed(e);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
        in.close();
    }
}
