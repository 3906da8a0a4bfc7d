package io.leasehold.nats.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What servers do with leases and their ends: the ground that leases on NATS stand on. */
@EachServer
class AckFactsIT {
    private static final Duration LEASE = Duration.ofMillis(500);
    /** Long enough for what is done in time on a machine that stands still for a second. */
    private static final Duration TOUCHED = Duration.ofSeconds(3);

    private static final Duration LONG = Duration.ofMinutes(1);
    /** Servers look at their clocks in milliseconds. */
    private static final long GRAIN = TimeUnit.MILLISECONDS.toNanos(2);

    private RawNats nats;

    @BeforeEach
    void connect(NatsServer server) {
        nats = RawNats.connect(server.port());
    }

    @AfterEach
    void disconnect() {
        nats.close();
    }

    private RawGroup group(Duration lease) {
        RawGroup group = RawGroup.create(nats, lease);
        group.store("one");
        return group;
    }

    private void assertAnswered(String reply, String verb) {
        RawMessage answer = nats.request(reply, verb);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers()).isEmpty();
    }

    @Test
    void whateverIsWrittenToAnAckSubjectIsAnsweredAlike() {
        RawGroup group = group(LONG);
        String reply = group.take().reply();

        assertAnswered(reply, "unknown");
        assertAnswered(reply, "+WPI");
        assertThat(group.state("num_ack_pending")).isEqualTo(1);
        assertAnswered(reply, "+ACK");
        assertThat(group.state("num_ack_pending")).isZero();
        assertAnswered(reply, "+ACK");
        assertAnswered(reply, "+WPI");
        assertAnswered(reply, "-NAK");
        assertAnswered(reply, "+TERM");
        assertThat(group.takeNow()).isEmpty();
    }

    @Test
    void verbsMustBeWrittenExactly() {
        RawGroup group = group(LONG);
        String reply = group.take().reply();

        assertAnswered(reply, "+ack");
        assertAnswered(reply, "+ACK ");
        assertAnswered(reply, "-nak");
        assertThat(group.state("num_ack_pending")).isEqualTo(1);
        assertThat(group.takeNow()).isEmpty();
    }

    @Test
    void aDeliveryNamesItsSubjectCountAndSequences() {
        RawGroup group = group(LONG);
        RawMessage first = group.take();

        assertThat(first.subject()).isEqualTo(group.subject());
        assertThat(first.reply()).startsWith("$JS.ACK." + group.stream() + ".C.1.1.1.");
        assertThat(first.reply().split("\\.")).hasSize(9);
        nats.publish(first.reply(), "-NAK");

        assertThat(group.take().reply()).startsWith("$JS.ACK." + group.stream() + ".C.2.1.2.");
    }

    @Test
    void anUnsettledMessageComesAgainWhenItsLeaseIsOverAndNotBefore() {
        RawGroup group = group(LEASE);
        long asked = System.nanoTime();

        group.take();
        RawMessage again = group.take();

        assertThat(again.replyToken(4)).isEqualTo(2);
        assertThat(again.readNanos() - asked).isGreaterThan(LEASE.toNanos() - GRAIN);
    }

    @Test
    void aTouchBeginsTheLeaseAnew() {
        RawGroup group = group(TOUCHED);
        RawMessage held = group.take();
        int waiting = group.pull("{\"batch\":1,\"expires\":%d}".formatted(RawNats.LIMIT.toNanos()));

        assertThat(nats.next(waiting, TOUCHED.dividedBy(2))).isEmpty();
        long touched = System.nanoTime();
        assertAnswered(held.reply(), "+WPI");
        RawMessage again = nats.next(waiting);

        assertThat(again.replyToken(4)).isEqualTo(2);
        assertThat(again.readNanos() - touched).isGreaterThan(TOUCHED.toNanos() - GRAIN);
    }

    @Test
    void aNakBringsTheMessageAtOnceOrAfterItsDelay() {
        RawGroup group = group(LONG);
        nats.publish(group.take().reply(), "-NAK");
        RawMessage second = group.take();
        assertThat(second.replyToken(4)).isEqualTo(2);
        long written = System.nanoTime();
        nats.publish(second.reply(), "-NAK {\"delay\":500000000}");
        RawMessage third = group.take();

        assertThat(third.replyToken(4)).isEqualTo(3);
        assertThat(third.readNanos() - written).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(500) - GRAIN);
    }

    @Test
    void aDelayedNakIsALeaseOfThatLength() {
        RawGroup group = group(LEASE);
        RawMessage held = group.take();
        long written = System.nanoTime();
        nats.publish(held.reply(), "-NAK {\"delay\":900000000}");
        RawMessage again = group.take();
        assertThat(again.readNanos() - written).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(900) - GRAIN);
        nats.publish(again.reply(), "+ACK");
    }

    @Test
    void aStaleAckEndsTheLeaseOfSomebodyElse() {
        RawGroup group = group(LONG);
        RawMessage stale = group.take();

        nats.publish(stale.reply(), "-NAK");
        group.take();

        assertAnswered(stale.reply(), "+ACK");
        assertThat(group.state("num_ack_pending")).isZero();
    }

    @Test
    void aStaleNakTakesTheMessageFromSomebodyElse() {
        RawGroup group = group(LONG);
        RawMessage stale = group.take();

        nats.publish(stale.reply(), "-NAK");
        assertThat(group.take().replyToken(4)).isEqualTo(2);
        nats.publish(stale.reply(), "-NAK");

        assertThat(group.take().replyToken(4)).isEqualTo(3);
    }

    @Test
    void aTouchAfterTheEndSavesNothingButAnAckDoes() {
        RawGroup group = group(TOUCHED);
        group.store("two");
        RawMessage one = group.take();
        RawMessage two = group.take();
        assertThat(nats.next(
                        nats.subscribe(RawNats.inbox()), TOUCHED.multipliedBy(3).dividedBy(2)))
                .isEmpty();
        assertAnswered(one.reply(), "+WPI");
        assertAnswered(two.reply(), "+ACK");
        RawMessage again = group.takeNow().orElseThrow();

        assertThat(again.body()).isEqualTo("one");
        assertThat(group.takeNow()).isEmpty();
    }

    @Test
    void whoSubscribesToAckSubjectsSeesTouchesWithTheirHeaders(NatsServer server) {
        RawGroup group = group(LONG);
        RawMessage first = group.take();

        nats.publish(first.reply(), "-NAK");
        try (RawNats observer = RawNats.connect(server.port())) {
            int seen = observer.subscribe("$JS.ACK." + group.stream() + ".C.2.>");
            observer.flush();
            RawMessage second = group.take();
            RawMessage answer = nats.answer(second.reply(), "X-Holder: b\r\n", "+WPI", RawNats.LIMIT)
                    .orElseThrow();
            assertThat(answer.body()).isEmpty();
            RawMessage beacon = observer.next(seen);
            assertThat(beacon.subject()).isEqualTo(second.reply());
            assertThat(beacon.header("X-Holder")).contains("b");
            assertThat(beacon.body()).isEqualTo("+WPI");
        }

        assertThat(group.state("num_ack_pending")).isEqualTo(1);
    }

    @Test
    void anAckForADeletedConsumerHasNoResponderUnlessSomebodyObserves() {
        RawGroup group = group(LONG);
        String reply = group.take().reply();

        group.api("CONSUMER.DELETE." + group.stream() + ".C", "");
        assertThat(nats.request(reply, "+ACK").status()).isEqualTo("503");
        int observer = nats.subscribe("$JS.ACK." + group.stream() + ".C.>");

        assertThat(nats.answer(reply, "", "+ACK", Duration.ofMillis(300))).isEmpty();
        assertThat(nats.next(observer).body()).isEqualTo("+ACK");
    }

    @Test
    void aTerminatedMessageIsGoneButAReasonNeedsANewerServer(ServerBinary binary) {
        RawGroup group = group(LONG);
        String reply = group.take().reply();

        assertAnswered(reply, "+TERM because");
        assertThat(group.state("num_ack_pending")).isEqualTo(binary.isAtLeast("2.10.4") ? 0 : 1);
        assertAnswered(reply, "+TERM");
        assertThat(group.state("num_ack_pending")).isZero();
        assertThat(group.takeNow()).isEmpty();
    }

    @Test
    void leasesOutliveTheConnectionThatTookThem(NatsServer server) {
        RawGroup group = group(TOUCHED);
        try (RawNats other = RawNats.connect(server.port())) {
            int taken = other.subscribe("taken");
            other.publish(group.pullSubject(), "taken", "{\"batch\":1,\"expires\":10000000000}");
            assertThat(other.next(taken).replyToken(4)).isEqualTo(1);
        }

        assertThat(group.state("num_ack_pending")).isEqualTo(1);
        assertThat(group.takeNow()).isEmpty();
        assertThat(group.take().replyToken(4)).isEqualTo(2);
    }
}
