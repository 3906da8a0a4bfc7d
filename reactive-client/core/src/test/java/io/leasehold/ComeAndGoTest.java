package io.leasehold;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.consume.Outcome;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.message.Message;
import io.leasehold.observation.MeterRecorder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/** What comes and goes a thousand times leaves nothing behind: no object of ours, no thread, no meter. */
@Timeout(300)
class ComeAndGoTest {
    private static final int ROUNDS = 1_000;
    private static final int WARM = 100;
    private static final int LOOKS_MAX = 100;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    // What stays may be one in a few rounds, by the last of them still under way; what leaks is one in each.
    private static final int SLACK = ROUNDS / 10;

    private final EmbeddedBroker broker = EmbeddedBroker.create(
            EmbeddedSettings.builder().duplicateWindow(Duration.ZERO).build());

    @AfterEach
    void shutDown() {
        broker.shutdown();
    }

    /** How many instances there are of each class of ours. */
    private static Map<String, Long> instances() {
        try {
            MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            ObjectName commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
            Object[] arguments = {new String[0]};
            String[] signature = {String[].class.getName()};
            Object histogram = server.invoke(commands, "gcClassHistogram", arguments, signature);
            Map<String, Long> counted = new TreeMap<>();
            histogram.toString().lines().map(line -> line.strip().split("\\s+")).forEach(columns -> {
                if (columns.length >= 4 && columns[3].replaceFirst("^\\[L", "").startsWith("io.leasehold.")) {
                    counted.merge(columns[3], Long.parseLong(columns[1]), Long::sum);
                }
            });
            return counted;
        } catch (JMException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    private static Map<String, Long> grown(Map<String, Long> before, Map<String, Long> after) {
        Map<String, Long> more = new TreeMap<>();
        after.forEach((name, count) -> {
            long difference = count - before.getOrDefault(name, 0L);
            if (difference > SLACK) {
                more.put(name, difference);
            }
        });
        return more;
    }

    private static void assertNothingStaysOf(IntConsumer round) {
        for (int i = 0; i < WARM; i++) {
            round.accept(i);
        }
        Map<String, Long> before = instances();
        int threads = Thread.activeCount();

        for (int i = WARM; i < WARM + ROUNDS; i++) {
            round.accept(i);
        }

        for (int look = 0; look < LOOKS_MAX && !grown(before, instances()).isEmpty(); look++) {
            // What is under way may still end.
            Mono.delay(Duration.ofMillis(200)).block(LIMIT);
        }
        assertThat(grown(before, instances()))
                .as("more instances after %d rounds", ROUNDS)
                .isEmpty();
        Threads.await("threads have left", LIMIT, () -> Thread.activeCount() < threads + 20);
    }

    private static void handleOne(MessageClient client, String topic, String group) {
        client.consumer(topic, group, String.class)
                .concurrency(2)
                .handle(delivery -> delivery.publish(
                                "next", Message.to("elsewhere").body("n"))
                        .onErrorComplete())
                .take(1)
                .doOnSubscribe(begun -> client.publish(Message.to(topic).body("m"))
                        .retryWhen(Retry.fixedDelay(5_000, Duration.ofMillis(1)))
                        .subscribe())
                .blockLast(LIMIT);
    }

    @Test
    void clientsThatComeAndGo() {
        assertNothingStaysOf(round -> {
            MessageClient client = MessageClient.builder().broker(broker).build();
            handleOne(client, "t.one", "g");
            client.close().block(LIMIT);
        });
    }

    @Test
    void clientsWithABrokerOfTheirOwnThatComeAndGo() {
        assertNothingStaysOf(round -> {
            MessageClient client = MessageClient.builder().build();
            handleOne(client, "t.one", "g");
            client.close().block(LIMIT);
        });
    }

    @Test
    void subscriptionsOfOneGroupThatComeAndGo() {
        MessageClient client = MessageClient.builder().broker(broker).build();
        assertNothingStaysOf(round -> handleOne(client, "t.one", "g"));
        client.close().block(LIMIT);
    }

    @Test
    void groupsThatComeAndGo() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        MessageClient client = MessageClient.builder()
                .broker(broker)
                .recorder(MeterRecorder.of(meters))
                .build();
        int[] registered = {0};
        assertNothingStaysOf(round -> {
            handleOne(client, "t.one", "g" + round);
            broker.deleteGroup("g" + round);
            if (round == WARM) {
                registered[0] = meters.getMeters().size();
            }
        });
        Threads.await("meters have gone", LIMIT, () -> meters.getMeters().size() < registered[0] + 100);
        Threads.await(
                "groups have gone",
                LIMIT,
                () -> client.snapshot().block(LIMIT).groups().isEmpty());
        client.close().block(LIMIT);
    }

    @Test
    void schedulersThatComeAndGo() {
        MessageClient client = MessageClient.builder().broker(broker).build();
        assertNothingStaysOf(round -> {
            Scheduler mine = Schedulers.newSingle("leasehold-test-mine");
            client.consumer("t.one", "g", String.class)
                    .signalOn(mine)
                    .handle(delivery -> Mono.empty())
                    .map(Outcome::kind)
                    .take(1)
                    .doOnSubscribe(begun -> client.publisher()
                            .signalOn(mine)
                            .publish(Message.to("t.one").body("m"))
                            .retryWhen(Retry.fixedDelay(5_000, Duration.ofMillis(1)))
                            .subscribe())
                    .blockLast(LIMIT);
            mine.dispose();
        });
        client.close().block(LIMIT);
    }

    @Test
    void threadsOfASharedElasticSchedulerAreGivenBack() {
        Scheduler shared = Schedulers.newBoundedElastic(8, 10_000, "leasehold-test-shared", 1, true);
        assertNothingStaysOf(round -> {
            MessageClient client =
                    MessageClient.builder().broker(broker).userScheduler(shared).build();
            handleOne(client, "t.one", "g");
            client.close().block(LIMIT);
        });
        shared.dispose();
    }
}
