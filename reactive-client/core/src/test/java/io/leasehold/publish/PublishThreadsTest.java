package io.leasehold.publish;

import static io.leasehold.publish.PublishDesk.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Scenario;
import io.leasehold.broker.PublishItem;
import io.leasehold.error.ErrorCode;
import io.leasehold.lease.Ticker;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.pace.SerialLine;
import io.leasehold.pace.TaskLoops;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** With real threads: who runs what, and that nothing is lost between them. */
class PublishThreadsTest {
    private static final Duration LIMIT = Duration.ofSeconds(50);

    private final ScriptedPort port = new ScriptedPort();
    private final CountingRecorder recorder = new CountingRecorder();
    private final Scheduler time = Schedulers.newSingle("test-time");
    private final Scheduler broker = Schedulers.newSingle("test-broker");
    private final Scheduler user = Schedulers.newParallel("test-user", 4);

    @AfterEach
    void endThreads() {
        time.dispose();
        broker.dispose();
        user.dispose();
    }

    private Publishing open(Scheduler signals, PublishSettings settings) {
        return Publishing.open(new PublishContext(
                port,
                settings,
                Codecs.builtIn(),
                new Ticker(time),
                time,
                new TaskLoops(signals, 4, recorder::fault),
                recorder,
                List.of()));
    }

    private Publishing open() {
        return open(user, PublishSettings.defaults());
    }

    static Stream<Scheduler> schedulers() {
        return Stream.of(
                Schedulers.immediate(), Schedulers.fromExecutor(Runnable::run), Schedulers.newParallel("some", 2));
    }

    @ParameterizedTest
    @MethodSource("schedulers")
    void userCodeNeverRunsWithinATurn(Scheduler scheduler) {
        Publishing publishing =
                open(scheduler, PublishSettings.builder().window(4).build());
        Queue<String> turns = new ConcurrentLinkedQueue<>();
        Flux<PublishResult> many = publishing
                .publisher()
                .publishAll(numbered(100))
                .doOnNext(r -> {
                    lookForTurns(turns);
                    publishing.publisher().publish(message("again")).subscribe(x -> lookForTurns(turns));
                });
        assertThat(many.count().block(LIMIT)).isEqualTo(100);
        publishing.close().doOnTerminate(() -> lookForTurns(turns)).block(LIMIT);
        assertThat(turns).isEmpty();
        scheduler.dispose();
    }

    private static void lookForTurns(Queue<String> turns) {
        StackWalker.getInstance().forEach(frame -> {
            if (frame.getClassName().equals(SerialLine.class.getName())) {
                turns.add(frame.toString());
            }
        });
    }

    @Test
    void signalsComeOnTheUserSchedulerOrWhereTheAnswerIs() {
        port.confirmsOn(broker::schedule);
        MessagePublisher publisher = open().publisher();

        assertThat(threadOf(publisher)).startsWith("test-user");
        assertThat(threadOf(publisher.signalOn(Schedulers.immediate()))).doesNotStartWith("test-user");
        assertThat(threadOf(publisher.signalOn(time))).startsWith("test-time");
    }

    private static String threadOf(MessagePublisher publisher) {
        return publisher
                .publish(message("a"))
                .map(receipt -> Thread.currentThread().getName())
                .block(LIMIT);
    }

    @Test
    @Scenario(7)
    void aCallbackThatBlocksOrThrowsOrPublishesHoldsBackNobody() throws Exception {
        port.confirmsOn(broker::schedule);
        MessagePublisher publisher = open().publisher();
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        publisher.publish(message("blocks")).subscribe(r -> {
            blocked.countDown();
            await(release);
            ended.countDown();
        });
        await(blocked);
        CountDownLatch thrown = new CountDownLatch(1);
        publisher
                .publish(message("throws"))
                .subscribe(
                        r -> {
                            throw new IllegalStateException("callback");
                        },
                        e -> thrown.countDown());
        AtomicInteger nested = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(200);
        for (int i = 0; i < 100; i++) {
            publisher.publish(message("m" + i)).subscribe(r -> {
                all.countDown();
                publisher.publish(message("n" + nested.incrementAndGet())).subscribe(x -> all.countDown());
            });
        }
        await(all);
        await(thrown);
        release.countDown();
        await(ended);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aMessageOfAFluxWhoseSubscriberBlocksHoldsBackOnlyThatFlux() {
        port.confirmsOn(broker::schedule);
        MessagePublisher publisher = open().publisher();
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(10);
        publisher.publishAll(numbered(10)).subscribe(r -> {
            blocked.countDown();
            await(release);
            ended.countDown();
        });
        await(blocked);
        assertThat(publisher.publishAll(numbered(1000)).count().block(LIMIT)).isEqualTo(1000);
        release.countDown();
        await(ended);
    }

    @Test
    void endlessSourcesOnTheSameThreadTakeTurns() {
        Scheduler narrow = Schedulers.newSingle("narrow");
        MessagePublisher publisher = open(narrow, PublishSettings.defaults()).publisher();
        Message message = Message.to("test.topic");
        List<Disposable> endless = Stream.generate(
                        () -> publisher.publishAll(Flux.just(message).repeat()).subscribe())
                .limit(3)
                .toList();
        for (int i = 0; i < 100; i++) {
            assertThat(publisher.publish(message).block(LIMIT)).isNotNull();
        }
        endless.forEach(Disposable::dispose);
        narrow.dispose();
    }

    @Test
    @Scenario(4)
    void everyPublishOfManyThreadsEndsInExactlyOneSignal() {
        long seed = new Random().nextLong();
        port.does(item -> answer(item, Math.floorMod(seed ^ item.id().value().hashCode(), 10)));
        Publishing publishing = open(
                user,
                PublishSettings.builder()
                        .window(16)
                        .waiting(100_000)
                        .timeout(Duration.ofMillis(300))
                        .build());
        AtomicInteger signals = new AtomicInteger();
        int each = 2_000;
        Flux<Mono<PublishReceipt>> monos = Flux.range(0, each)
                .map(i -> publishing
                        .publisher()
                        .publish(message("m" + i))
                        .doOnTerminate(signals::incrementAndGet)
                        .onErrorComplete());
        Long done = Flux.range(0, 4)
                .flatMap(thread -> monos.flatMap(m -> m, 64).subscribeOn(Schedulers.boundedElastic()))
                .then(publishing.close(Duration.ofSeconds(1)))
                .thenReturn(1L)
                .block(LIMIT);

        assertThat(done).as("seed %d", seed).isEqualTo(1);
        assertThat(signals).as("seed %d", seed).hasValue(4 * each);
        assertThat(publishing.inFlight() + publishing.waiting()).isZero();
        assertThat(recorder.confirmed.get() + recorder.failures.size()).isEqualTo(4 * each);
    }

    private void answer(PublishItem item, int kind) {
        switch (kind) {
            case 0 -> broker.schedule(() -> item.failed(ScriptedPort.error(ErrorCode.UNKNOWN)));
            case 1 -> port.confirm(item);
            case 2 -> item.failed(ScriptedPort.error(ErrorCode.REFUSED));
            case 3 ->
                broker.schedule(() -> {
                    port.confirm(item);
                    item.confirmed(1, true);
                });
            default -> broker.schedule(() -> port.confirm(item));
        }
    }

    @Test
    @Scenario(4)
    void cancellingWhileTheAnswerArrivesLeavesNothingBehind() {
        port.confirmsOn(broker::schedule);
        Publishing publishing = open(user, PublishSettings.builder().window(8).build());
        Flux.range(0, 20_000)
                .flatMap(i -> Mono.firstWithSignal(publishing.publisher().publish(message("m" + i)), other(i)), 32)
                .then()
                .block(LIMIT);
        publishing.close(LIMIT).block(LIMIT);

        assertThat(publishing.inFlight() + publishing.waiting()).isZero();
        assertThat(recorder.confirmed.get() + recorder.takenBack.get()).isEqualTo(20_000);
        assertThat(recorder.failures).isEmpty();
    }

    private Mono<PublishReceipt> other(int i) {
        return i % 2 == 0
                ? Mono.never()
                : Mono.<PublishReceipt>empty().subscribeOn(user).hide();
    }

    private static Flux<Message> numbered(int count) {
        return Flux.range(0, count).map(i -> message("m" + i));
    }
}
