package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.MessageClientBuilder;
import io.leasehold.Pending;
import io.leasehold.Threads;
import io.leasehold.Told;
import io.leasehold.broker.StartPosition;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.consume.Outcome;
import io.leasehold.diagnostics.ClientSnapshot;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.nats.server.FaultProxy;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.NatsServers;
import io.leasehold.nats.server.RawMessage;
import io.leasehold.nats.server.RawNats;
import io.leasehold.nats.server.ServerBinary;
import io.leasehold.publish.PublishSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;

/**
 * Clients on a real server, in real time, with a bad network between them where a test wants one. The newest server
 * serves a whole class; each test has a stream of its own. To be registered as a static field.
 */
public final class NatsRoom implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {
    /** The lease time of {@link #consumer}: little more than the shortest that is taken. */
    public static final Duration T = Duration.ofSeconds(6);

    /** How long anything may take. */
    public static final Duration LIMIT = Duration.ofSeconds(40);

    /** Longer than it takes to find out that a connection is dead. */
    private static final PublishSettings PATIENT =
            PublishSettings.builder().timeout(Duration.ofSeconds(30)).build();

    private static final AtomicInteger ROOMS = new AtomicInteger();

    private final List<MessageClient> clients = new ArrayList<>();
    private final List<Disposable> subscriptions = new CopyOnWriteArrayList<>();
    private final List<Throwable> dropped = new CopyOnWriteArrayList<>();
    private final String since;
    private final String more;
    private NatsServer server;
    private FaultProxy proxy;
    private RawNats raw;
    private Told told;
    private String stream;
    private MessageClient first;

    public NatsRoom() {
        this("0.0.0", "");
    }

    /** On a server with more configuration, if it is of this version or newer. */
    public NatsRoom(String since, String more) {
        this.since = since;
        this.more = more;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        ServerBinary newest = NatsServers.newest();
        server = NatsServer.start(newest, newest.isAtLeast(since) ? more : "");
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (server != null) {
            server.close();
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Hooks.onErrorDropped(dropped::add);
        told = new Told();
        proxy = FaultProxy.to(server.port());
        raw = RawNats.connect(server.port());
        stream = "room" + ROOMS.incrementAndGet();
        keep(stream);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        proxy.release();
        subscriptions.forEach(Disposable::dispose);
        List<Heard<Void>> closes =
                clients.stream().map(client -> Heard.of(client.close())).toList();
        await("closed clients", () -> closes.stream().allMatch(Heard::hasCompleted));
        await("nothing is pending in a client", () -> clients.stream().allMatch(NatsRoom::isEmpty));
        raw.close();
        proxy.close();
        clients.clear();
        subscriptions.clear();
        first = null;
        await("no threads are left", () -> Threads.ours().isEmpty());
        Hooks.resetOnErrorDropped();
        assertThat(dropped).as("errors that nobody heard").isEmpty();
        assertThat(told.faults()).as("faults").isEmpty();
    }

    private static boolean isEmpty(MessageClient client) {
        ClientSnapshot snapshot = client.snapshot().block(LIMIT);
        return snapshot != null && Pending.in(snapshot) == 0;
    }

    /** Has the server keep a family of topics. */
    public void keep(String family) {
        keep(family, "\"storage\":\"memory\"");
    }

    /** The same, with more keys as JSON without braces. */
    public void keep(String family, String keys) {
        raw.request(
                "$JS.API.STREAM.CREATE." + family,
                "{\"name\":\"%s\",\"subjects\":[\"%s\",\"%s.>\"],%s}".formatted(family, family, family, keys));
    }

    // ---- what is in it

    public NatsServer server() {
        return server;
    }

    /** Between the first client and the server. */
    public FaultProxy proxy() {
        return proxy;
    }

    /** A connection without a client. */
    public RawNats raw() {
        return raw;
    }

    public Told told() {
        return told;
    }

    /** The stream of the test. */
    public String stream() {
        return stream;
    }

    /** A topic in it. */
    public String topic(String name) {
        return stream + "." + name;
    }

    /** What the server tells of a consumer of the stream. */
    public RawMessage group(String name) {
        return raw.request("$JS.API.CONSUMER.INFO." + stream + "." + name, "");
    }

    /** How many messages the consumer of {@link #consumer} has handed out that are not settled. */
    public int held() {
        return held("assessors");
    }

    public int held(String group) {
        return group(group).field("num_ack_pending").map(Integer::parseInt).orElse(-1);
    }

    /** How many messages the stream has. */
    public int stored() {
        return raw.request("$JS.API.STREAM.INFO." + stream, "")
                .field("messages")
                .map(Integer::parseInt)
                .orElseThrow();
    }

    /** The client of a test that needs only one; it reaches the server through the proxy. */
    public MessageClient client() {
        first = first == null ? client("one") : first;
        return first;
    }

    public MessageClient client(String name) {
        return client(name, any -> any);
    }

    /** Through the proxy, too. */
    public MessageClient client(String name, UnaryOperator<MessageClientBuilder> change) {
        return client(name, NatsSettings.builder().servers(proxy.url()).build(), change);
    }

    /** A client that a bad network does not touch. */
    public MessageClient directClient(String name) {
        return client(name, NatsSettings.builder().servers(server.url()).build(), any -> any);
    }

    public MessageClient client(String name, NatsSettings settings, UnaryOperator<MessageClientBuilder> change) {
        MessageClientBuilder builder = MessageClient.builder()
                .name(name)
                .broker(NatsBroker.of(settings))
                .publishing(PATIENT)
                .recorder(told);
        MessageClient client = change.apply(builder).build();
        clients.add(client);
        return client;
    }

    /** A consumer of the stream in the group {@code assessors}, with leases of {@link #T}. */
    public MessageConsumer<String> consumer() {
        return consumer(client());
    }

    public MessageConsumer<String> consumer(MessageClient client) {
        return client.consumer(topic(">"), "assessors", String.class)
                .leaseTime(T)
                .startFrom(StartPosition.EARLIEST);
    }

    // ---- what happens

    /** Subscribes, and cancels at the end of the test. */
    public <V> Heard<V> hear(Publisher<V> publisher) {
        Heard<V> heard = Heard.of(publisher);
        subscriptions.add(heard);
        return heard;
    }

    /** A message whose id is its body. */
    public Message message(String body) {
        return Message.to(topic("nc")).id(body).body(body);
    }

    /** Publishes bodies, and waits until they are confirmed. */
    public void publish(String... bodies) {
        Heard<PublishReceipt> receipts =
                hear(Flux.fromArray(bodies).concatMap(body -> client().publish(message(body))));
        await("published", receipts::hasEnded);
        assertThat(receipts.error()).isNull();
    }

    /** Publishes so many messages, whose bodies are numbers from 0. */
    public void publish(int messages) {
        Heard<?> results = hear(client().publishAll(Flux.range(0, messages).map(i -> message(Integer.toString(i)))));
        await("published", results::hasCompleted);
    }

    public void await(String what, BooleanSupplier holds) {
        Threads.await(what, LIMIT, holds);
    }

    public static List<Outcome.Kind> kinds(Heard<Outcome> outcomes) {
        return outcomes.values().stream().map(Outcome::kind).toList();
    }
}
