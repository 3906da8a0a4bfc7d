package io.leasehold.event;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.Ticker;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Each event is a line of the log that nothing can break, and that holds up nobody. */
class LoggingRecorderTest {
    private static final String CANARY = "a\r\nWARN forged: b\u2028c\u202e\u001b[31m\u0000\u0085" + "x".repeat(500);

    private final CapturedLog log = CapturedLog.own("captured");
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final LoggingRecorder recorder = new LoggingRecorder("desk", log.logger(), Runnable::run);

    LoggingRecorderTest() {
        recorder.read(new Ticker(time), time);
    }

    @AfterEach
    void close() {
        log.close();
    }

    private static MessagingEvent event(Kind kind) {
        return MessagingEvent.of(kind, "assessors/quakes.nc", ErrorCode.UNKNOWN);
    }

    // ---- what a line says

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyKindHasALineWithClientCodeAndSubject(Kind kind) {
        recorder.event(event(kind));

        assertThat(log.lines()).hasSize(1);
        assertThat(log.lines().get(0)).contains("desk: " + kind + " LH-403 UNKNOWN: ", "[assessors/quakes.nc]");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void whatSomebodyMustDoSomethingAboutSaysWhat(Kind kind) {
        recorder.event(event(kind));

        String line = log.lines().get(0);
        if (line.startsWith("WARN") || line.startsWith("ERROR")) {
            assertThat(line).contains("]; ");
        }
    }

    @Test
    void badNewsAreWarningsAndGoodOnesAreNot() {
        Set<Kind> warnings = EnumSet.of(
                Kind.FAULT,
                Kind.CONNECT_FAILED,
                Kind.DISCONNECTED,
                Kind.ORPHAN,
                Kind.STALLED,
                Kind.DEAD_LETTER_FAILED,
                Kind.KEY_ORDER_BROKEN,
                Kind.GONE,
                Kind.TROUBLE,
                Kind.ADVICE);
        for (Kind kind : warnings) {
            recorder.event(event(kind));
        }

        assertThat(log.lines()).hasSameSizeAs(warnings).allMatch(line -> line.matches("(WARN|ERROR) .*"));
    }

    @Test
    void connectedAndDrainedAreInformationAndReleasedIsForDebugging() {
        recorder.event(event(Kind.CONNECTED));
        recorder.event(event(Kind.DRAINED));
        recorder.event(event(Kind.RELEASED));
        recorder.event(new MessagingEvent(
                Kind.LEASE_LOST, "assessors/quakes.nc", ErrorCode.LEASE_LOST, Map.of("loss", LeaseLoss.CLOSED)));

        assertThat(log.lines())
                .extracting(line -> line.substring(0, line.indexOf(' ')))
                .containsExactly("INFO", "INFO", "DEBUG", "DEBUG");
    }

    @Test
    void whatAnErrorSaysIsTaken() {
        MessagingException why = new MessagingException(
                ErrorCode.DISCONNECTED, "the server hung up", "127.0.0.1:4222", "look at the server");
        recorder.event(MessagingEvent.because(Kind.DISCONNECTED, "127.0.0.1:4222", why));

        assertThat(log.lines())
                .containsExactly("WARN desk: DISCONNECTED LH-404 DISCONNECTED: the server hung up [127.0.0.1:4222]"
                        + " on=127.0.0.1:4222; look at the server");
    }

    @Test
    void factsStandInTheOrderOfTheirNames() {
        Map<String, Object> facts = Map.of("c", 3, "a", Duration.ofSeconds(90), "b", true, "d", Kind.FAULT);
        recorder.event(new MessagingEvent(Kind.CONSUMING, "assessors", null, facts));

        assertThat(log.lines().get(0)).endsWith("[assessors] a=1m30s b=true c=3 d=FAULT");
    }

    // ---- what a line never holds

    @ParameterizedTest
    @EnumSource(Kind.class)
    void textsOfStrangersNeverBreakALine(Kind kind) {
        Map<String, Object> facts =
                Map.of("what", CANARY, "remedy", CANARY, "id", CANARY, "key", CANARY, "fault", new Error(CANARY));
        recorder.event(new MessagingEvent(kind, CANARY, ErrorCode.UNKNOWN, facts));
        recorder.event(new MessagingEvent(kind, "x", ErrorCode.UNKNOWN, Map.of("fault", new LinkageError(CANARY))));

        assertThat(log.lines()).hasSize(2).allSatisfy(line -> {
            assertThat(line.codePoints()).allMatch(point -> point >= ' ' && point < 127 || point == '\u2026');
            assertThat(line).contains("a\\r\\nWARN forged");
        });
        assertThat(log.lines().get(0)).doesNotContain("x".repeat(257));
        assertThat(log.lines().get(1)).doesNotContain("x".repeat(129));
    }

    @Test
    void aNameOfAClientCannotBreakALineEither() {
        new LoggingRecorder(CANARY, log.logger(), Runnable::run).event(event(Kind.STARTED));

        assertThat(log.lines().get(0)).doesNotContain("\n").startsWith("INFO a\\r\\n");
    }

    @Test
    void onlyFactsOfPlainTypesAreShownAndNoTextOfAForeignError() {
        Map<String, Object> facts = Map.of(
                "body", List.of("secret-1"), "fault", new IllegalStateException("secret-2", new Error("secret-3")));
        recorder.event(new MessagingEvent(Kind.FAULT, "client", ErrorCode.INTERNAL, facts));

        assertThat(log.lines().get(0))
                .doesNotContain("secret")
                .contains("IllegalStateException at io.leasehold.event.LoggingRecorderTest", "java.lang.Error");
    }

    // ---- storms

    @Test
    void stormsAreFolded() {
        for (int i = 0; i < 217; i++) {
            recorder.event(event(Kind.LEASE_LOST));
        }
        assertThat(log.lines()).hasSize(5).allMatch(line -> line.startsWith("INFO"));

        time.advanceTimeBy(Duration.ofSeconds(10));
        assertThat(log.lines()).hasSize(6);
        assertThat(log.lines().get(5)).isEqualTo("WARN desk: LEASE_LOST [assessors] and 212 more in 10 s");

        recorder.event(event(Kind.LEASE_LOST));
        assertThat(log.lines()).hasSize(7);
    }

    @Test
    void theStormOfOneGroupDoesNotHideWhatHappensToAnother() {
        for (int i = 0; i < 100; i++) {
            recorder.event(event(Kind.ORPHAN));
        }
        recorder.event(MessagingEvent.of(Kind.ORPHAN, "others/quakes.nc", null));

        assertThat(log.lines()).hasSize(6);
        assertThat(log.lines().get(5)).contains("[others/quakes.nc]");
    }

    @Test
    void manySubjectsAreFoldedTogetherSoThatNothingGrows() {
        for (int i = 0; i < 2_000; i++) {
            recorder.event(MessagingEvent.of(Kind.KEY_HALTED, "key-" + i, null));
        }
        assertThat(log.lines()).hasSizeLessThan(300);

        time.advanceTimeBy(Duration.ofSeconds(30));
        assertThat(log.lines()).anyMatch(line -> line.matches("WARN desk: KEY_HALTED \\[.*] and 1\\d{3} more in 10 s"));
    }

    @Test
    void whatIsFoldedIsToldWhenTheClientIsClosed() {
        for (int i = 0; i < 8; i++) {
            recorder.event(event(Kind.STALLED));
        }
        recorder.complete();

        assertThat(log.lines().get(5)).endsWith("and 3 more in 10 s");
    }

    // ---- a log that blocks, fails, or has nobody to write

    @Test
    void aLogThatBlocksHoldsUpNobodyAndWhatIsDroppedIsCounted() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        appended(line -> {
            blocked.countDown();
            goOn.await();
        });
        LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        LoggingRecorder blocking = new LoggingRecorder("blocked", log.logger(), tasks::add);
        blocking.event(event(Kind.STARTED));
        Thread writer = new Thread(tasks.take());
        writer.start();
        assertThat(blocked.await(10, TimeUnit.SECONDS)).isTrue();

        for (int i = 0; i < 5_000; i++) {
            blocking.event(MessagingEvent.of(Kind.CONNECTED, "server-" + i, null));
        }
        assertThat(blocking.dropped()).isEqualTo(5_000 - LoggingRecorder.QUEUED_MAX);

        goOn.countDown();
        writer.join(20_000);
        assertThat(log.lines())
                .anyMatch(line -> line.startsWith("WARN blocked: 3976 lines were not written"))
                .hasSize(LoggingRecorder.QUEUED_MAX + 2);
        assertThat(tasks).isEmpty();
    }

    @Test
    void aLogThatThrowsGoesOnAndTellsHowManyLinesItLost() {
        AtomicInteger fails = new AtomicInteger(3);
        appended(line -> {
            if (fails.getAndDecrement() > 0) {
                throw new StackOverflowError("in the appender");
            }
        });
        IntStream.range(0, 5).forEach(i -> recorder.event(event(Kind.ORPHAN)));

        assertThat(log.lines()).anyMatch(line -> line.contains("lines were not written"));
        assertThat(log.lines()).anyMatch(line -> line.contains("ORPHAN"));
    }

    @Test
    void whereNoThreadIsLeftToWriteTheNextEventTriesAgain() {
        AtomicInteger refusals = new AtomicInteger(1);
        Executor busy = task -> {
            if (refusals.getAndDecrement() > 0) {
                throw new RejectedExecutionException("busy");
            }
            task.run();
        };
        LoggingRecorder late = new LoggingRecorder("late", log.logger(), busy);
        late.event(event(Kind.ORPHAN));
        late.event(event(Kind.STALLED));

        assertThat(log.linesOf("late")).hasSize(2);
    }

    private interface Step {
        void on(String line) throws InterruptedException;
    }

    private void appended(Step step) {
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                throw new AssertionError("doAppend is overridden");
            }

            // Without the guard that the base class has against itself.
            @Override
            public void doAppend(ILoggingEvent event) {
                try {
                    step.on(event.getFormattedMessage());
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        appender.start();
        log.logger().addAppender(appender);
    }
}
