package io.leasehold.spring.boot.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.consume.Handler;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.spring.boot.listener.ListenerStatus.Phase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A listener whose consumption ends with an error that may pass begins again, after delays that grow. */
class ListenerRunnerTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Probe probe = new Probe();
    private FlakyBroker broker = new FlakyBroker(ErrorCode.DISCONNECTED, 0);
    private MessageClient client;

    @AfterEach
    void close() {
        client.close().subscribe();
        time.advanceTimeBy(Duration.ofMinutes(1));
        broker.shutdown();
    }

    private ListenerRunner runner(ErrorCode code, int refusals) {
        broker = new FlakyBroker(code, refusals);
        client = MessageClient.builder()
                .broker(broker)
                .timeScheduler(time)
                .userScheduler(Schedulers.immediate())
                .cancelScheduler(Schedulers.immediate())
                .build();
        Handler<String> handler = delivery -> Mono.empty();
        Listener.Consuming<String> consuming =
                new Listener.Consuming<>(client.consumer("quakes.>", "assessors", String.class), handler);
        Listener listener = new Listener(
                "desk",
                "quakes.>",
                "assessors",
                "",
                "leaseholdClient",
                "the desk",
                consuming,
                Duration.ofSeconds(1),
                true);
        return new ListenerRunner(listener, new OutcomeObservers(List.of(probe)), time);
    }

    @Test
    void itBeginsAgainUntilItSucceeds() {
        ListenerRunner runner = runner(ErrorCode.DISCONNECTED, 3);
        runner.start();
        assertThat(runner.status().phase()).isEqualTo(Phase.RETRYING);
        assertThat(runner.status().code()).isEqualTo(ErrorCode.DISCONNECTED);

        time.advanceTimeBy(Duration.ofMillis(700));
        assertThat(broker.refusalsLeft()).isEqualTo(2);

        time.advanceTimeBy(Duration.ofMillis(600));
        assertThat(broker.refusalsLeft()).isEqualTo(1);

        time.advanceTimeBy(Duration.ofSeconds(10));
        assertThat(runner.status().phase()).isEqualTo(Phase.RUNNING);
        assertThat(runner.status().code()).isNull();

        client.publish(Message.to("quakes.nc").body("a")).subscribe();

        assertThat(probe.outcomes()).hasSize(1);
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void eachTimeItEndsIsAWarningThatSaysWhyAndWhenItBeginsAgain(CapturedOutput output) {
        ListenerRunner runner = runner(ErrorCode.DISCONNECTED, 3);

        runner.start();
        time.advanceTimeBy(Duration.ofSeconds(10));

        assertThat(output.getOut().lines().filter(line -> line.contains("Listener desk takes no messages")))
                .hasSize(3)
                .allMatch(line -> line.contains("WARN") && line.contains("LH-404 DISCONNECTED"))
                .allMatch(line -> line.contains("begins again in"));
    }

    @Test
    void delaysGrowToAMinute() {
        ListenerRunner runner = runner(ErrorCode.DISCONNECTED, 1000);
        runner.start();
        time.advanceTimeBy(Duration.ofHours(1));
        int tries = 1000 - broker.refusalsLeft();

        assertThat(tries).isBetween(55, 80);
        assertThat(runner.status().phase()).isEqualTo(Phase.RETRYING);
    }

    @Test
    void oneThatRetriesCanBeStopped() {
        ListenerRunner runner = runner(ErrorCode.DISCONNECTED, 1);
        runner.start();
        StepVerifier.create(runner.stop()).expectComplete().verify(Duration.ofSeconds(30));

        time.advanceTimeBy(Duration.ofMinutes(5));
        assertThat(runner.status().phase()).isEqualTo(Phase.STOPPED);
        assertThat(broker.refusalsLeft()).isZero();

        runner.start();

        assertThat(runner.status().phase()).isEqualTo(Phase.RUNNING);
    }

    @Test
    void oneThatIsPausedWhileItRetriesStaysPaused() {
        ListenerRunner runner = runner(ErrorCode.DISCONNECTED, 1);
        runner.start();
        runner.pause();
        time.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(runner.status().phase()).isEqualTo(Phase.PAUSED);

        client.publish(Message.to("quakes.nc").body("a")).subscribe();
        assertThat(probe.outcomes()).isEmpty();

        runner.resume();

        assertThat(probe.outcomes()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            names = {"NOT_PERMITTED", "GROUP_GONE", "GROUP_MISMATCH", "REFUSED", "UNSUPPORTED"})
    void whatTheBrokerRefusesMayBeMendedWhileTheApplicationLives(ErrorCode code) {
        ListenerRunner runner = runner(code, 2);

        runner.start();
        assertThat(runner.status().phase()).isEqualTo(Phase.RETRYING);
        assertThat(runner.status().code()).isEqualTo(code);
        assertThat(codeOf(runner.begun())).isEqualTo(code);

        time.advanceTimeBy(Duration.ofMinutes(1));
        assertThat(runner.status().phase()).isEqualTo(Phase.RUNNING);
    }

    private static ErrorCode codeOf(Mono<Void> ended) {
        return ended.then(Mono.<ErrorCode>empty())
                .onErrorResume(error -> Mono.just(MessagingException.codeOf(error)))
                .block(Duration.ofSeconds(30));
    }

    @Test
    void itHasBegunWhenTheBrokerHasTakenIt() {
        ListenerRunner runner = runner(ErrorCode.DISCONNECTED, 0);
        runner.start();

        assertThat(codeOf(runner.begun())).isNull();
    }

    @Test
    void whatTheApplicationSaysOfItIsRefusedForGood() {
        ListenerRunner runner = runner(ErrorCode.BAD_SETTING, 1);
        StepVerifier.create(Mono.fromRunnable(runner::start))
                .expectErrorMatches(error -> error.getMessage().contains("LH-100")
                        && error.getMessage().contains("the desk"))
                .verify(Duration.ofSeconds(30));

        time.advanceTimeBy(Duration.ofMinutes(5));
        assertThat(runner.status().phase()).isEqualTo(Phase.FAILED);
        assertThat(runner.status().code()).isEqualTo(ErrorCode.BAD_SETTING);

        runner.start();

        assertThat(runner.status().phase()).isEqualTo(Phase.RUNNING);
    }
}
