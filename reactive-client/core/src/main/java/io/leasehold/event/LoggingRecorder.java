package io.leasehold.event;

import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.Ticker;
import io.leasehold.pace.DrainLoop;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * Writes each event as one line of the log {@value #LOGGER}: client, kind, code, what happened, on what, and what to do
 * about it. Of the same kind and group the first {@value #SHOWN_MAX} lines of ten seconds are written, the others are
 * counted ("and 212 more in 10 s"). Topics, keys, ids and texts of servers are escaped and cut to 128 characters; no
 * body, no header value and no secret is written.
 *
 * <p>Lines are written one after another on a thread of its own, which ends when there is nothing to write. A log that
 * blocks holds up nobody: of the {@value #QUEUED_MAX} events that wait for it at most, further ones are dropped, and
 * their number is the next line. Lines of DEBUG are left out while the log did not show such ones when it was written
 * to last.
 */
public final class LoggingRecorder implements Recorder {
    /** The name of the log. */
    public static final String LOGGER = "io.leasehold";

    /** How many events wait for a slow log. */
    public static final int QUEUED_MAX = 1024;

    /** How many lines of one kind and group are written in ten seconds. */
    public static final int SHOWN_MAX = 5;

    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int FOLDS_MAX = 64;
    // Whether the ends of windows are to be looked for: not, at the next sweep, at the next one and after that.
    private static final int NO_SWEEP = 0;
    private static final int LAST_SWEEP = 1;
    private static final int SWEEP_AGAIN = 2;
    private static final int WRITERS_MAX = 16;
    private static final Set<String> NO_FACTS =
            Set.of(MessagingEvent.WHAT, MessagingEvent.REMEDY, MessagingEvent.SAID_ELSEWHERE);
    private static final int IDLE_SECONDS = 2;

    private final String client;
    private final Logger log;
    private final Executor writers;
    private final Queue<Line> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final DrainLoop work = new DrainLoop();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong droppedInAll = new AtomicLong();
    private final Map<String, Fold> folds = new HashMap<>();
    private final Runnable pass = this::writeAll;
    private final Runnable turn = this::drain;
    private final AtomicInteger sweep = new AtomicInteger(NO_SWEEP);
    private final Disposable.Swap pendingSweep = Disposables.swap();
    private volatile @Nullable Clock clock;
    private volatile boolean debug = true;

    /** What is to be written; without an event the end of a window is to be looked for, or all of them end. */
    private record Line(@Nullable MessagingEvent event, boolean last) {}

    private record Clock(Ticker ticker, Scheduler time) {}

    /** The lines of a kind and group within ten seconds. */
    private static final class Fold {
        private final long sinceNanos;
        private final Kind kind;
        private final String subject;
        private int shown;
        private int more;

        Fold(long sinceNanos, Kind kind, String subject) {
            this.sinceNanos = sinceNanos;
            this.kind = kind;
            this.subject = subject;
        }
    }

    /**
     * A recorder into the log.
     *
     * @param client the name of the instance: each line begins with it
     */
    public LoggingRecorder(String client) {
        this(client, LoggerFactory.getLogger(LOGGER), Writers.SHARED);
    }

    LoggingRecorder(String client, Logger log, Executor writers) {
        this.client = LogText.of(client);
        this.log = log;
        this.writers = writers;
    }

    /** Threads that write, one for a client at a time; all clients share the idle ones. */
    private static final class Writers {
        private static final AtomicInteger NUMBER = new AtomicInteger();
        private static final Executor SHARED = new ThreadPoolExecutor(
                0, WRITERS_MAX, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), Writers::thread);

        private static Thread thread(Runnable task) {
            // Inherits no thread locals: whoever happens to be the first to report is nobody special.
            Thread made = new Thread(null, task, "leasehold-log-" + NUMBER.incrementAndGet(), 0, false);
            made.setDaemon(true);
            made.setContextClassLoader(LoggingRecorder.class.getClassLoader());
            return made;
        }
    }

    /** The clock by which storms are folded; before it is given every event is a line. */
    public void read(Ticker ticker, Scheduler time) {
        clock = new Clock(ticker, time);
    }

    @Override
    public void event(MessagingEvent event) {
        if (debug || levelOf(event) != Level.DEBUG) {
            offer(new Line(event, false));
            sweepLater();
        }
    }

    // Scheduled by whoever reports: the writing thread leaves the client's time alone.
    private void sweepLater() {
        Clock present = clock;
        if (present != null && sweep.getAndSet(SWEEP_AGAIN) == NO_SWEEP) {
            schedule(present);
        }
    }

    private void schedule(Clock present) {
        try {
            pendingSweep.update(present.time().schedule(() -> sweep(present), WINDOW_NANOS, TimeUnit.NANOSECONDS));
        } catch (RejectedExecutionException closed) {
            sweep.set(NO_SWEEP);
        }
    }

    private void sweep(Clock present) {
        boolean quiet = sweep.compareAndSet(LAST_SWEEP, NO_SWEEP);
        offer(new Line(null, quiet));
        if (!quiet) {
            sweep.set(LAST_SWEEP);
            schedule(present);
        }
    }

    // Whoever closes a client knows that its leases end.
    private static Level levelOf(MessagingEvent event) {
        boolean closed = event.kind() == Kind.LEASE_LOST && event.details().get("loss") == LeaseLoss.CLOSED;
        boolean known = closed || event.details().containsKey(MessagingEvent.SAID_ELSEWHERE);
        return known ? Level.DEBUG : EventWording.of(event.kind()).level();
    }

    /** Has what is folded written: nothing more comes. Repeatable. */
    public void complete() {
        pendingSweep.dispose();
        offer(new Line(null, true));
    }

    /** How many events were not written because the log was slower than they came. */
    public long dropped() {
        return droppedInAll.get();
    }

    private void offer(Line line) {
        if (queued.incrementAndGet() > QUEUED_MAX) {
            queued.decrementAndGet();
            dropped.incrementAndGet();
            droppedInAll.incrementAndGet();
            return;
        }
        queue.add(line);
        if (work.enter()) {
            go();
        }
    }

    private void go() {
        try {
            writers.execute(turn);
        } catch (RejectedExecutionException busy) {
            // So many logs are blocked: what waits is written when the next event comes.
            work.drain(() -> {});
        }
    }

    // ---- on the writing thread

    private void drain() {
        work.drain(pass);
    }

    private void writeAll() {
        guarded(this::refresh);
        for (Line line = queue.poll(); line != null; line = queue.poll()) {
            queued.decrementAndGet();
            Line next = line;
            guarded(() -> write(next));
        }
        guarded(this::tellDropped);
    }

    // What an appender throws must not end the writing, and there is nobody to tell.
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (Throwable fault) {
            dropped.incrementAndGet();
            droppedInAll.incrementAndGet();
        }
    }

    private void refresh() {
        debug = log.isDebugEnabled();
    }

    private void tellDropped() {
        long gone = dropped.getAndSet(0);
        if (gone > 0) {
            line(
                    Level.WARN,
                    client + ": " + gone + " lines were not written: the log was slower than events came, or failed;"
                            + " look at its appenders");
        }
    }

    private void write(Line line) {
        Clock present = clock;
        MessagingEvent event = line.event();
        if (event == null) {
            endWindows(
                    line.last() || present == null
                            ? Long.MAX_VALUE
                            : present.ticker().nanos());
        } else if (present == null || levelOf(event) == Level.DEBUG || mayShow(event, present)) {
            line(levelOf(event), text(event, EventWording.of(event.kind())));
        }
    }

    private boolean mayShow(MessagingEvent event, Clock present) {
        long now = present.ticker().nanos();
        String name = event.kind() + " " + groupOf(event.subject());
        Fold fold = folds.get(name);
        if (fold != null && now - fold.sinceNanos >= WINDOW_NANOS) {
            end(fold);
            folds.remove(name);
            fold = null;
        }
        if (fold == null) {
            if (folds.size() >= FOLDS_MAX) {
                endWindows(now);
            }
            name = folds.size() >= FOLDS_MAX ? event.kind().name() : name;
            fold = folds.computeIfAbsent(name, key -> new Fold(now, event.kind(), event.subject()));
        }
        if (fold.shown < SHOWN_MAX) {
            fold.shown++;
            return true;
        }
        fold.more++;
        return false;
    }

    private static String groupOf(String subject) {
        int slash = subject.indexOf('/');
        return LogText.of(slash < 0 ? subject : subject.substring(0, slash));
    }

    private void endWindows(long now) {
        folds.values().removeIf(fold -> {
            boolean over = now == Long.MAX_VALUE || now - fold.sinceNanos >= WINDOW_NANOS;
            if (over) {
                end(fold);
            }
            return over;
        });
    }

    private void end(Fold fold) {
        if (fold.more > 0) {
            Level level = EventWording.of(fold.kind).storm();
            line(
                    level,
                    client + ": " + fold.kind + " [" + groupOf(fold.subject) + "] and " + fold.more + " more in 10 s");
        }
    }

    private String text(MessagingEvent event, EventWording words) {
        StringBuilder text = new StringBuilder(client).append(": ").append(event.kind());
        ErrorCode code = event.code();
        if (code != null) {
            text.append(' ').append(code.id()).append(' ').append(code);
        }
        String what = event.what();
        text.append(": ").append(what == null ? words.what() : LogText.of(what));
        text.append(" [").append(LogText.of(event.subject())).append(']');
        appendFacts(text, event.details());
        String remedy = Objects.requireNonNullElse(event.remedy(), words.remedy());
        if (!remedy.isEmpty()) {
            text.append("; ").append(LogText.of(remedy, LogText.REMEDY_MAX));
        }
        return text.toString();
    }

    // In the order of their names, since maps have any.
    private static void appendFacts(StringBuilder text, Map<String, Object> facts) {
        new TreeMap<>(facts).forEach((name, fact) -> {
            String shown = NO_FACTS.contains(name) ? null : LogText.fact(fact);
            if (shown != null) {
                text.append(' ').append(name).append('=').append(shown);
            }
        });
    }

    private void line(Level level, String text) {
        switch (level) {
            case ERROR -> log.error(text);
            case WARN -> log.warn(text);
            case INFO -> log.info(text);
            default -> log.debug(text);
        }
    }
}
