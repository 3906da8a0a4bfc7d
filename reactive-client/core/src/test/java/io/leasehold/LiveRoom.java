package io.leasehold;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.consume.MessageConsumer;
import io.leasehold.diagnostics.ClientSnapshot;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.embedded.EmbeddedStats;
import io.leasehold.message.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Hooks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * As {@link Room}, but with real threads and real time, for what only these can show. Blocked handlers wait at the
 * {@link #gate}, which the end of the test opens.
 */
public final class LiveRoom implements BeforeEachCallback, AfterEachCallback {
    /** The lease time of {@link #consumer}. */
    public static final Duration T = Duration.ofSeconds(2);

    /** How long anything may take. */
    public static final Duration LIMIT = Duration.ofSeconds(20);

    private final List<MessageClient> clients = new ArrayList<>();
    private final List<Disposable> subscriptions = new CopyOnWriteArrayList<>();
    private final List<Throwable> dropped = new CopyOnWriteArrayList<>();
    private final Told told = new Told();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final List<Scheduler> schedulers = new ArrayList<>();
    private EmbeddedBroker broker;
    private List<String> threadsBefore;
    private MessageClient first;

    @Override
    public void beforeEach(ExtensionContext context) {
        threadsBefore = Threads.ours();
        Hooks.onErrorDropped(dropped::add);
        broker = EmbeddedBroker.create(EmbeddedSettings.defaults());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        gate.countDown();
        subscriptions.forEach(Disposable::dispose);
        List<Heard<Void>> closes =
                clients.stream().map(client -> Heard.of(client.close())).toList();
        await("closed clients", () -> closes.stream().allMatch(Heard::hasCompleted));
        await(
                "nothing is held at the broker",
                () -> broker.stats().groups().stream().allMatch(group -> group.held() == 0));
        await("nothing is pending in a client", () -> clients.stream().allMatch(LiveRoom::isEmpty));
        broker.shutdown();
        schedulers.forEach(Scheduler::dispose);
        await("no threads are left", () -> threadsBefore.containsAll(Threads.ours()));
        Hooks.resetOnErrorDropped();
        assertThat(dropped).as("errors that nobody heard").isEmpty();
        assertThat(told.faults()).as("faults").isEmpty();
    }

    private static boolean isEmpty(MessageClient client) {
        ClientSnapshot snapshot = client.snapshot().block(LIMIT);
        return snapshot != null && Pending.in(snapshot) == 0;
    }

    public Told told() {
        return told;
    }

    public EmbeddedBroker broker() {
        return broker;
    }

    public EmbeddedStats.Group group(String name) {
        return broker.stats().groups().stream()
                .filter(group -> group.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    public MessageClient client() {
        first = first == null ? client("one") : first;
        return first;
    }

    public MessageClient client(String name) {
        return client(name, any -> any);
    }

    public MessageClient client(String name, UnaryOperator<MessageClientBuilder> change) {
        MessageClient client = change.apply(
                        MessageClient.builder().name(name).broker(broker).recorder(told))
                .build();
        clients.add(client);
        return client;
    }

    public MessageConsumer<String> consumer() {
        return consumer(client());
    }

    public static MessageConsumer<String> consumer(MessageClient client) {
        return client.consumer("quakes.>", "assessors", String.class).leaseTime(T);
    }

    /** A client with so many threads for user code, and no others. */
    public MessageClient clientOfThreads(int threads) {
        Scheduler user = Schedulers.newParallel("leasehold-test-user", threads);
        schedulers.add(user);
        return client("of " + threads + " threads", builder -> builder.userScheduler(user));
    }

    /** Subscribes, and cancels at the end of the test. */
    public <V> Heard<V> hear(Publisher<V> publisher) {
        Heard<V> heard = Heard.of(publisher);
        subscriptions.add(heard);
        return heard;
    }

    public void publish(String... bodies) {
        for (String body : bodies) {
            Heard<?> receipt = hear(client().publish(Message.to("quakes.nc").body(body)));
            await("published " + body, receipt::hasCompleted);
        }
    }

    /** Blocks until the test ends, whoever interrupts. */
    public void blockDeafly() {
        boolean interrupted = false;
        while (gate.getCount() > 0) {
            try {
                gate.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException ignored) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Blocks until the test ends or somebody interrupts. */
    public void block() throws InterruptedException {
        gate.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Lets the blocked handlers go on. */
    public void open() {
        gate.countDown();
    }

    public void await(String what, BooleanSupplier holds) {
        Threads.await(what, LIMIT, holds);
    }
}
