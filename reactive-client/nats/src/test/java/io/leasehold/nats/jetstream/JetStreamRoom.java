package io.leasehold.nats.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.SessionContext;
import io.leasehold.broker.StartPosition;
import io.leasehold.broker.contract.BrokerBench;
import io.leasehold.broker.contract.TestConsumer;
import io.leasehold.lease.Ticker;
import io.leasehold.message.TopicFilter;
import io.leasehold.nats.NatsBroker;
import io.leasehold.nats.NatsSettings;
import io.leasehold.nats.server.RawMessage;
import io.leasehold.nats.server.RawNats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A bench on a real server, in real time, and others who meddle with its streams by hand. */
final class JetStreamRoom implements AutoCloseable {
    private static final AtomicInteger LAST = new AtomicInteger();

    private final Scheduler time = Schedulers.newSingle("jetstream-room");
    private final List<BrokerSession> sessions = new ArrayList<>();
    private final RawNats raw;
    private final BrokerBench bench;
    private final Duration leaseTime;

    JetStreamRoom(int port, String url, Duration leaseTime, UnaryOperator<NatsSettings> change) {
        this.leaseTime = leaseTime;
        this.raw = RawNats.connect(port);
        NatsSettings settings = change.apply(NatsSettings.builder().servers(url).build());
        String prefix = "room" + Long.toString(System.nanoTime(), 36) + LAST.incrementAndGet();
        this.bench = new BrokerBench(new RealClock(leaseTime), NatsBroker.of(settings), time, prefix);
    }

    BrokerBench bench() {
        return bench;
    }

    RawNats raw() {
        return raw;
    }

    /** A stream of somebody else, and its consumer {@code C} with these keys, as JSON without braces. */
    String foreign(String consumerKeys) {
        String stream = "F" + Long.toString(System.nanoTime(), 36) + LAST.incrementAndGet();
        ask("STREAM.CREATE." + stream, "{\"name\":\"%s\",\"subjects\":[\"%s.>\"]}".formatted(stream, stream));
        consumer(stream, consumerKeys);
        return stream;
    }

    /** Makes the consumer of a foreign stream anew, without a filter. */
    void unfiltered(String stream, String keys) {
        ask("CONSUMER.DELETE." + stream + ".C", "");
        ask(
                "CONSUMER.DURABLE.CREATE." + stream + ".C",
                "{\"stream_name\":\"%s\",\"config\":{\"durable_name\":\"C\",\"ack_policy\":\"explicit\",%s}}"
                        .formatted(stream, keys));
    }

    /** Makes the consumer of a foreign stream, or changes it. */
    void consumer(String stream, String keys) {
        String config = "{\"durable_name\":\"C\",\"ack_policy\":\"explicit\",\"filter_subject\":\"%s.>\",%s}"
                .formatted(stream, keys);
        ask(
                "CONSUMER.DURABLE.CREATE." + stream + ".C",
                "{\"stream_name\":\"%s\",\"config\":%s}".formatted(stream, config));
    }

    /** Asks the API; an error of it is one of the test. */
    RawMessage ask(String verb, String body) {
        RawMessage answer = raw.request("$JS.API." + verb, body);
        assertThat(answer.body()).doesNotContain("\"error\"");
        return answer;
    }

    /** Another client. */
    BrokerSession open(String url, UnaryOperator<NatsSettings> change) {
        BrokerSession session = NatsBroker.of(
                        change.apply(NatsSettings.builder().servers(url).build()))
                .open(new SessionContext("other", new Ticker(time), time, bench));
        sessions.add(session);
        return session;
    }

    /** A member of the group of that name, with credit, through a session. */
    TestConsumer member(BrokerSession session, String name, int credit) {
        return bench.consume(session, bench.spec(name)).credit(credit);
    }

    /** A member of a foreign group. */
    TestConsumer member(String foreignStream, int credit) {
        return member(foreignStream, foreignStream + ".>", credit);
    }

    /** The same, with a filter of its own. */
    TestConsumer member(String foreignStream, String filter, int credit) {
        GroupSpec spec = new GroupSpec("C", TopicFilter.of(filter), leaseTime, StartPosition.EARLIEST);
        return bench.consume(bench.session(), spec).credit(credit);
    }

    @Override
    public void close() {
        sessions.forEach(session -> session.close().block(RawNats.LIMIT));
        bench.close();
        bench.verify();
        raw.close();
        time.dispose();
    }
}
