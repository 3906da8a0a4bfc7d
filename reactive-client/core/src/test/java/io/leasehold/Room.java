package io.leasehold;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.Broker;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.consume.Outcome;
import io.leasehold.diagnostics.ClientSnapshot;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.embedded.EmbeddedMode;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.embedded.EmbeddedStats;
import io.leasehold.message.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * An embedded broker and clients of it, in virtual time on the thread of the test. Each test leaves it clean, or fails:
 * after all clients were closed no thread of ours is left, no timer is armed, nothing is held or waits at the broker,
 * no fault was reported, and no error was dropped.
 */
public final class Room implements BeforeEachCallback, AfterEachCallback {
    /** The lease time of {@link #consumer}. */
    public static final Duration T = Duration.ofSeconds(10);

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final EmbeddedSettings settings;
    private final List<MessageClient> clients = new ArrayList<>();
    private final List<Disposable> subscriptions = new ArrayList<>();
    private final List<Throwable> dropped = new CopyOnWriteArrayList<>();
    private final Told told = new Told();
    private UnaryOperator<Broker> between = UnaryOperator.identity();
    private UnaryOperator<MessageClientBuilder> dress = UnaryOperator.identity();
    private VirtualTimeScheduler time;
    private EmbeddedBroker broker;
    private List<String> threadsBefore;
    private MessageClient first;

    private Room(EmbeddedSettings settings) {
        this.settings = settings;
    }

    /** A broker that checks tokens. */
    public static Room fenced() {
        return of(EmbeddedSettings.defaults());
    }

    /** A broker that does not, as nats-server. */
    public static Room natsLike() {
        return of(EmbeddedSettings.builder().mode(EmbeddedMode.NATS_LIKE).build());
    }

    /** A broker of some settings. */
    public static Room of(EmbeddedSettings settings) {
        return new Room(settings);
    }

    /** Puts something between the clients and the broker. */
    public Room with(UnaryOperator<Broker> something) {
        between = something;
        return this;
    }

    /** Changes the builder of each client. */
    public Room dressed(UnaryOperator<MessageClientBuilder> change) {
        dress = change;
        return this;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        threadsBefore = Threads.ours();
        Hooks.onErrorDropped(dropped::add);
        time = VirtualTime.create();
        broker = EmbeddedBroker.create(settings, time);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        subscriptions.forEach(Disposable::dispose);
        List<Heard<Void>> closes =
                clients.stream().map(client -> Heard.of(client.close())).toList();
        // Real threads of blocking handlers may still have a hand in it.
        Threads.await("closed clients", LIMIT, () -> {
            pass(Duration.ofMinutes(5));
            return closes.stream().allMatch(Heard::hasCompleted);
        });
        // The thread of a blocking handler is told to leave, and leaves when it gets a turn.
        Threads.await(
                "nothing is pending in clients",
                LIMIT,
                () -> clients.stream().mapToInt(this::pendingIn).sum() == 0);
        // So it is with a thread that just works for the broker, and leaves with the settlement that it has brought.
        Threads.await("nothing is held or waits for room at the broker", LIMIT, () -> leftAtTheBroker() == 0);
        broker.shutdown();
        pass(Duration.ofDays(1));
        // What arms itself does so each day; a thread that is about to leave, once.
        Threads.await("no timer is armed again", LIMIT, () -> {
            long before = time.getScheduledTaskCount();
            pass(Duration.ofDays(1));
            return time.getScheduledTaskCount() == before;
        });
        Hooks.resetOnErrorDropped();
        assertThat(dropped).as("errors that nobody heard").isEmpty();
        assertThat(told.faults()).as("faults").isEmpty();
        // One that was about to leave when this room was opened has left meanwhile.
        Threads.await("no threads are left", LIMIT, () -> threadsBefore.containsAll(Threads.ours()));
    }

    private long leftAtTheBroker() {
        EmbeddedStats stats = broker.stats();
        return stats.waitingPublishes()
                + stats.groups().stream().mapToLong(EmbeddedStats.Group::held).sum();
    }

    private int pendingIn(MessageClient client) {
        Heard<ClientSnapshot> snapshot = Heard.of(client.snapshot());
        pass(Duration.ZERO);
        // A real thread that just works for the client takes it, where there is one.
        Threads.await("the snapshot", LIMIT, () -> !snapshot.values().isEmpty());
        return Pending.in(snapshot.values().get(0));
    }

    // ---- what is in it

    public VirtualTimeScheduler time() {
        return time;
    }

    public EmbeddedBroker broker() {
        return broker;
    }

    public Told told() {
        return told;
    }

    public EmbeddedStats.Group group(String name) {
        return broker.stats().groups().stream()
                .filter(group -> group.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The client of a test that needs only one. */
    public MessageClient client() {
        first = first == null ? client("one") : first;
        return first;
    }

    public MessageClient client(String name) {
        return client(name, any -> any);
    }

    /** A client whose builder is changed before it is built. */
    public MessageClient client(String name, UnaryOperator<MessageClientBuilder> change) {
        MessageClientBuilder builder = MessageClient.builder()
                .name(name)
                .broker(between.apply(broker))
                .timeScheduler(time)
                .userScheduler(time)
                .cancelScheduler(time)
                .recorder(told);
        MessageClient client = change.apply(dress.apply(builder)).build();
        clients.add(client);
        return client;
    }

    /** A consumer of {@code quakes.>} in the group {@code assessors}, with leases of {@link #T}. */
    public MessageConsumer<String> consumer() {
        return consumer(client());
    }

    public static MessageConsumer<String> consumer(MessageClient client) {
        return client.consumer("quakes.>", "assessors", String.class).leaseTime(T);
    }

    // ---- what happens

    public void pass(Duration duration) {
        time.advanceTimeBy(duration);
    }

    public long nanos() {
        return time.now(TimeUnit.NANOSECONDS);
    }

    /** Subscribes, and cancels at the end of the test. */
    public <V> Heard<V> hear(Publisher<V> publisher) {
        Heard<V> heard = Heard.of(publisher);
        subscriptions.add(heard);
        return heard;
    }

    /** Publishes messages with bodies to {@code quakes.nc}, with the body as id. */
    public void publish(String... bodies) {
        for (String body : bodies) {
            hear(client().publish(Message.to("quakes.nc").id(body).body(body)));
        }
        pass(Duration.ZERO);
    }

    /** Publishes so many messages; their bodies are numbers from 0. */
    public void publish(int messages) {
        hear(client().publishAll(Flux.range(0, messages)
                .map(i -> Message.to("quakes.nc").id("m" + i).body(Integer.toString(i)))));
        pass(Duration.ZERO);
    }

    public static List<Outcome.Kind> kinds(Heard<Outcome> outcomes) {
        return outcomes.values().stream().map(Outcome::kind).toList();
    }
}
