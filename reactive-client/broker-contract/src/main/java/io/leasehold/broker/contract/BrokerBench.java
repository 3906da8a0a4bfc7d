package io.leasehold.broker.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.Broker;
import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.Capabilities;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.RetentionSpec;
import io.leasehold.broker.SessionContext;
import io.leasehold.broker.StartPosition;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.Recorder;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.Ticker;
import io.leasehold.message.Message;
import io.leasehold.message.Retention;
import io.leasehold.message.TopicFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import reactor.core.scheduler.Scheduler;

/**
 * A broker on the bench: one client, its consumers and publishes, all remembered so that at the end each can be asked
 * whether it ended as it must. Topics and groups get names that no other bench uses.
 */
public final class BrokerBench implements Recorder {
    /** The name of the client. */
    public static final String CLIENT = "contract";

    private static final int TRIES_ELECTING = 25;
    private static final Duration PAUSE_ELECTING = Duration.ofMillis(300);
    private static final Set<ErrorCode> MAY_PASS = EnumSet.of(ErrorCode.UNKNOWN, ErrorCode.NO_RESPONDERS);

    private final BenchClock clock;
    private final Broker broker;
    private final Scheduler time;
    private final String prefix;
    private final BrokerSession session;
    private final List<TestConsumer> consumers = new ArrayList<>();
    private final List<TestPublish> publishes = new ArrayList<>();
    private final List<Throwable> faults = new CopyOnWriteArrayList<>();
    private final List<MessagingEvent> events = new CopyOnWriteArrayList<>();
    private int ids;
    private long publishedNanos;
    private boolean electing;
    private boolean closed;

    /** A bench whose names begin with a prefix of its own. */
    public BrokerBench(BenchClock clock, Broker broker, Scheduler time, String prefix) {
        this.clock = clock;
        this.broker = broker;
        this.time = time;
        this.prefix = prefix;
        this.session = open(CLIENT);
    }

    /** The broker under clock. */
    public Broker broker() {
        return broker;
    }

    /** The client's session. */
    public BrokerSession session() {
        return session;
    }

    /** What the broker can do. */
    public Capabilities capabilities() {
        return session.capabilities();
    }

    /** A session of another client. The caller closes it. */
    public BrokerSession open(String client) {
        return broker.open(new SessionContext(client, new Ticker(time), time, this));
    }

    /** What a delivery says of the lease time that the groups ask for. */
    LeaseTime leaseTime() {
        return new LeaseTime(clock.leaseTime().toNanos(), capabilities().renewsLeases());
    }

    /** The clock of the clients. */
    public long nanos() {
        return new Ticker(time).nanos();
    }

    /** An instant of the time that passes for the broker. */
    long passedNanos() {
        return clock.nanos();
    }

    /** The instant before the latest message of {@link #publishAll} was given to the broker for the first time. */
    long publishedNanos() {
        return publishedNanos;
    }

    /** A topic of this bench. */
    public String topic(String name) {
        return prefix + ".topic." + name;
    }

    /** A group's name of this bench. */
    public String group(String name) {
        return prefix.replace('.', '_') + "_" + name;
    }

    /**
     * The group of the given name over the topic or filter of the same name, from the next message on; where no group
     * begins there, from the first one that is kept.
     */
    public GroupSpec spec(String name) {
        boolean latest = capabilities().startPositions().contains(StartPosition.Kind.LATEST);
        return spec(name, name, latest ? StartPosition.LATEST : StartPosition.EARLIEST);
    }

    /** A group over a topic or filter. */
    public GroupSpec spec(String name, String filter, StartPosition start) {
        return new GroupSpec(group(name), TopicFilter.of(topic(filter)), clock.leaseTime(), start);
    }

    /** A member of the group of that name, without credit. */
    public TestConsumer consume(String name) {
        return consume(session, spec(name));
    }

    /** A member of a group, without credit. */
    public TestConsumer consume(BrokerSession through, GroupSpec spec) {
        TestConsumer consumer = new TestConsumer(through, spec, clock);
        consumers.add(consumer);
        clock.joined(consumer.port());
        return consumer;
    }

    /** Sees that the broker refuses a group, within the call or soon after it. */
    void refuses(GroupSpec spec, ErrorCode why) {
        TestConsumer consumer;
        try {
            consumer = new TestConsumer(session, spec, clock);
        } catch (MessagingException refused) {
            assertThat(refused.code()).isEqualTo(why);
            return;
        }
        consumers.add(consumer);
        until("it is refused", () -> consumer.gone().equals(List.of(why)));
    }

    /** A member that holds one message, published for it. */
    public TestConsumer holding(String name) {
        TestConsumer consumer = consume(name).credit(1);
        publishAll(name, "held");
        until("the message was delivered", () -> consumer.count() == 1);
        return consumer;
    }

    /** A message to a topic of this bench. */
    public Message message(String topic, String body) {
        ids++;
        return Message.to(topic(topic)).id(prefix + "-" + ids).body(body);
    }

    /** Publishes a text. */
    public TestPublish publish(String topic, String body) {
        return publish(message(topic, body));
    }

    /** Publishes a message. */
    public TestPublish publish(Message message) {
        return publish(new TestPublish(message));
    }

    /** Publishes an item. */
    public TestPublish publish(TestPublish item) {
        publishes.add(item);
        session.publishing().publish(item);
        return item;
    }

    /** Publishes texts, one after the other, and waits until they are confirmed. */
    public void publishAll(String topic, String... bodies) {
        for (String body : bodies) {
            TestPublish publish = answered(message(topic, body));
            assertThat(publish.failure()).as(publish.toString()).isNull();
        }
    }

    /** Its servers hold elections: what came amid one is published again under its id, as every client does. */
    public void electing() {
        electing = true;
    }

    private TestPublish answered(Message message) {
        publishedNanos = clock.nanos();
        TestPublish publish = publish(message);
        until("it is answered", publish::isOver);
        int tries = electing ? TRIES_ELECTING : 1;
        for (int i = 1; i < tries && MAY_PASS.contains(publish.failure()); i++) {
            elapse(PAUSE_ELECTING);
            publish = publish(message);
            until("it is answered", publish::isOver);
        }
        return publish;
    }

    /** Has a topic kept, generously. */
    public void declare(String topic) {
        boolean[] done = new boolean[1];
        session.declare(new RetentionSpec(TopicFilter.of(topic(topic)), Retention.defaults()))
                .subscribe(any -> {}, faults::add, () -> done[0] = true);
        until("the topic is declared", () -> done[0]);
    }

    /** Lets time pass. */
    public void elapse(Duration duration) {
        clock.elapse(duration);
    }

    /** Waits until something shows, and fails when it does not. */
    public void until(String what, BooleanSupplier shows) {
        clock.until(what, shows);
    }

    /** Gives what should not come the time to come. */
    public void settleDown() {
        clock.settleDown();
    }

    /** The faults that the broker reported. */
    public List<Throwable> faults() {
        return faults;
    }

    /** The events that the broker reported. */
    public List<MessagingEvent> events() {
        return events;
    }

    /** Closes the client's session. */
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        boolean[] done = new boolean[1];
        session.close().subscribe(any -> {}, faults::add, () -> done[0] = true);
        until("the session is closed", () -> done[0]);
        consumers.forEach(TestConsumer::closed);
    }

    /** Everything ended as it must: in exactly one signal, and nothing came after the end. */
    public void verify() {
        assertThat(faults).as("faults").isEmpty();
        assertThat(publishes).as("publishes").allMatch(TestPublish::isOver);
        for (TestConsumer consumer : consumers) {
            assertThat(consumer.open())
                    .as("settlements and touches without one end")
                    .isEmpty();
            assertThat(consumer.afterClose()).as("signals after close").isZero();
            assertThat(consumer.gone()).as("ends of consumption").hasSizeLessThanOrEqualTo(1);
        }
    }

    @Override
    public void fault(Throwable fault) {
        faults.add(fault);
    }

    @Override
    public void event(MessagingEvent event) {
        events.add(event);
    }
}
