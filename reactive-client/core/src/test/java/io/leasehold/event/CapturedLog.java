package io.leasehold.event;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.LoggerFactory;

/** What is written to a log, as {@code LEVEL text}; while it is open, the log shows everything. */
public final class CapturedLog implements AutoCloseable {
    private final Logger logger;
    private final Level before;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<Waiting> waiting = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            CapturedLog.this.append(event.getLevel() + " " + event.getFormattedMessage());
        }
    };

    private record Waiting(Predicate<String> meant, CompletableFuture<String> found) {}

    /** The log that all clients write to. */
    public static CapturedLog ofClients() {
        return new CapturedLog((Logger) LoggerFactory.getLogger(LoggingRecorder.LOGGER));
    }

    /** A log that nobody else writes to. */
    static CapturedLog own(String name) {
        return new CapturedLog(new LoggerContext().getLogger(name));
    }

    private CapturedLog(Logger logger) {
        this.logger = logger;
        this.before = logger.getLevel();
        appender.start();
        logger.setLevel(Level.DEBUG);
        logger.addAppender(appender);
    }

    private void append(String line) {
        lines.add(line);
        waiting.stream()
                .filter(one -> one.meant().test(line))
                .forEach(one -> one.found().complete(line));
    }

    Logger logger() {
        return logger;
    }

    /** What was written so far. */
    public List<String> lines() {
        return lines;
    }

    /** What was written so far for a client. */
    public List<String> linesOf(String client) {
        return lines.stream().filter(line -> line.contains(" " + client + ": ")).toList();
    }

    /** The first line with all of these, as soon as it is written; fails after 20 s. */
    public String await(String... parts) {
        Predicate<String> meant = line -> List.of(parts).stream().allMatch(line::contains);
        Waiting one = new Waiting(meant, new CompletableFuture<>());
        waiting.add(one);
        lines.stream().filter(meant).findFirst().ifPresent(one.found()::complete);
        try {
            return one.found().orTimeout(20, TimeUnit.SECONDS).join();
        } catch (RuntimeException missing) {
            throw new AssertionError("no line with " + List.of(parts) + " in " + lines, missing);
        }
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        logger.setLevel(before);
    }
}
