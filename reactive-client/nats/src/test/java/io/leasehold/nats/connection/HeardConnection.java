package io.leasehold.nats.connection;

import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.Recorder;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;

/** Writes down how a connection fares, one line each, and waits for a line with a limit. */
final class HeardConnection implements ConnectionListener, Recorder {
    private static final int LIMIT_SECONDS = 20;

    private final BlockingQueue<String> lines = new LinkedTransferQueue<>();
    private final List<String> all = new CopyOnWriteArrayList<>();
    private final List<Throwable> faults = new CopyOnWriteArrayList<>();

    private void add(String line) {
        all.add(line);
        lines.add(line);
    }

    @Override
    public void up(long epoch, ServerInfo server) {
        add("up " + epoch);
    }

    @Override
    public void down(long epoch, MessagingException reason) {
        add("down " + epoch + " " + reason.code() + " " + reason.what());
    }

    @Override
    public void leaving() {
        add("leaving");
    }

    @Override
    public void denied(String subject, MessagingException why) {
        add("denied " + subject + " " + why.code());
    }

    @Override
    public void writable() {
        add("writable");
    }

    @Override
    public void closed(MessagingException reason) {
        add("closed " + reason.code() + " " + reason.what());
    }

    @Override
    public void event(MessagingEvent event) {
        add(event.kind() + " " + event.subject() + " " + event.code() + " " + event.details());
    }

    @Override
    public void fault(Throwable fault) {
        faults.add(fault);
    }

    /** Waits for the next line that begins so; what comes before it is skipped. */
    String await(String beginning) throws InterruptedException {
        String line = lines.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        while (line != null && !line.startsWith(beginning)) {
            line = lines.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
        if (line == null) {
            throw new AssertionError("not heard: '" + beginning + "', but " + all + ", faults " + faults);
        }
        return line;
    }

    /** Waits for the next line that begins so and contains that; what comes before it is skipped. */
    String await(String beginning, String part) throws InterruptedException {
        String line = await(beginning);
        while (!line.contains(part)) {
            line = await(beginning);
        }
        return line;
    }

    /** Whether a line that begins so is heard soon; what comes before it is skipped. */
    boolean isSoon(String beginning) throws InterruptedException {
        String line = lines.poll(400, TimeUnit.MILLISECONDS);
        while (line != null && !line.startsWith(beginning)) {
            line = lines.poll(400, TimeUnit.MILLISECONDS);
        }
        return line != null;
    }

    /** Does something again and again until a line that begins so is heard: for moving virtual time. */
    String awaitWhile(Runnable step, String beginning) throws InterruptedException {
        for (int i = 0; i < 1_000; i++) {
            String line = lines.poll(20, TimeUnit.MILLISECONDS);
            if (line != null && line.startsWith(beginning)) {
                return line;
            }
            if (line == null) {
                step.run();
            }
        }
        throw new AssertionError("not heard: '" + beginning + "', but " + all + ", faults " + faults);
    }

    List<String> all() {
        return all;
    }

    List<Throwable> faults() {
        return faults;
    }
}
