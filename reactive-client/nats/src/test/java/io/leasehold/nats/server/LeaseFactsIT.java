package io.leasehold.nats.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What administrators, limits and configurations do to leases, and who is told. */
@EachServer
class LeaseFactsIT {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(300);

    /** Long enough to be touched in time by a machine that stands still for a second. */
    private static final Duration TOUCHED = Duration.ofSeconds(3);

    private static final long GRAIN = TimeUnit.MILLISECONDS.toNanos(2);
    private static final String MEMORY = "\"storage\":\"memory\"";

    private RawNats nats;

    @BeforeEach
    void connect(NatsServer server) {
        nats = RawNats.connect(server.port());
    }

    @AfterEach
    void disconnect() {
        nats.close();
    }

    private RawGroup group(String consumerKeys) {
        RawGroup group = RawGroup.create(nats, MEMORY, consumerKeys);
        group.store("one");
        return group;
    }

    private int advisories(RawGroup group, String kind) {
        int sid = nats.subscribe("$JS.EVENT.ADVISORY.CONSUMER." + kind + "." + group.stream() + ".C");
        nats.flush();
        return sid;
    }

    private static String ackWait(Duration lease) {
        return "\"ack_wait\":" + lease.toNanos();
    }

    @Test
    void theLastDeliveryEndsWithAnAdvisoryWithoutAPullOnNewServersOnly(ServerBinary binary) {
        RawGroup group = group("\"max_deliver\":1," + ackWait(SHORT));
        int told = advisories(group, "MAX_DELIVERIES");
        RawMessage last = group.take();

        if (binary.isAtLeast("2.10.22")) {
            RawMessage advisory = nats.next(told);
            assertThat(advisory.field("stream_seq")).contains("1");
            assertThat(advisory.field("deliveries")).contains("1");
        } else {
            assertThat(nats.next(told, SHORT.multipliedBy(2))).isEmpty();
            assertThat(group.takeWithin(SHORT)).isEmpty();
            assertThat(nats.next(told).field("stream_seq")).contains("1");
        }
        nats.request(last.reply(), "+WPI");

        assertThat(group.takeWithin(SHORT)).as("a touch revives nothing").isEmpty();
        assertThat(group.state("num_ack_pending")).isZero();
    }

    @Test
    void aTouchKeepsTheLastDelivery() {
        RawGroup group = group("\"max_deliver\":1," + ackWait(TOUCHED));
        int told = advisories(group, "MAX_DELIVERIES");
        RawMessage last = group.take();

        for (int i = 0; i < 2; i++) {
            assertThat(nats.next(told, TOUCHED.multipliedBy(11).dividedBy(20))).isEmpty();
            nats.request(last.reply(), "+WPI");
        }
        nats.request(last.reply(), "+ACK");

        assertThat(nats.next(told, TOUCHED.plus(SHORT))).isEmpty();
    }

    @Test
    void naksAndTerminationsAreTold() {
        RawGroup group = group(ackWait(LONG));
        int naked = advisories(group, "MSG_NAKED");
        int terminated = advisories(group, "MSG_TERMINATED");

        nats.publish(group.take().reply(), "-NAK");
        RawMessage first = nats.next(naked);
        assertThat(first.field("stream_seq")).contains("1");
        assertThat(first.field("deliveries")).contains("1");
        nats.publish(group.take().reply(), "+TERM");

        assertThat(nats.next(terminated).field("deliveries")).contains("2");
    }

    @Test
    void aDeletedMessageIsTerminatedUnderItsLease() {
        RawGroup group = group(ackWait(LONG));
        int told = advisories(group, "MSG_TERMINATED");
        RawMessage held = group.take();

        group.api("STREAM.MSG.DELETE." + group.stream(), "{\"seq\":1}");

        assertThat(nats.next(told).field("stream_seq")).contains("1");
        assertThat(nats.request(held.reply(), "+WPI").body()).isEmpty();
        assertThat(group.state("num_ack_pending")).isZero();
    }

    @Test
    void aPurgeEndsLeasesWithoutAWord() {
        RawGroup group = group(ackWait(LONG));
        int told = advisories(group, "*");

        group.take();
        group.api("STREAM.PURGE." + group.stream(), "");

        assertThat(group.state("num_ack_pending")).isZero();
        assertThat(nats.next(told, SHORT)).isEmpty();
    }

    @Test
    void aShorterLeaseTimeAppliesToLeasesThatAreHeld() {
        RawGroup group = group(ackWait(LONG));
        group.take();
        long changed = System.nanoTime();
        String config = "{\"durable_name\":\"C\",\"ack_policy\":\"explicit\"," + ackWait(SHORT) + "}";
        RawMessage answer = group.api(
                "CONSUMER.DURABLE.CREATE." + group.stream() + ".C",
                "{\"stream_name\":\"%s\",\"config\":%s}".formatted(group.stream(), config));
        assertThat(answer.field("ack_wait")).contains(Long.toString(SHORT.toNanos()));
        RawMessage again = group.take();

        assertThat(again.replyToken(4)).isEqualTo(2);
        assertThat(again.readNanos() - changed).isLessThan(LONG.toNanos());
    }

    @Test
    void aConsumerThatIsMadeAgainTakesAcksOfItsFormerLife() {
        RawGroup group = group(ackWait(LONG));
        String former = group.take().reply();

        group.api("CONSUMER.DELETE." + group.stream() + ".C", "");
        group.createConsumer(ackWait(LONG));
        RawMessage again = group.take();
        assertThat(again.replyToken(4)).as("counted anew").isEqualTo(1);
        nats.request(former, "+ACK");

        assertThat(group.state("num_ack_pending")).isZero();
    }

    @Test
    void aFullConsumerHandsOutNothingNew() {
        RawGroup group = group("\"max_ack_pending\":1," + ackWait(SHORT));
        group.store("two");
        assertThat(group.take().body()).isEqualTo("one");
        assertThat(group.take().body()).as("the same again").isEqualTo("one");
        int pull = group.pull("{\"batch\":1,\"no_wait\":true}");

        assertThat(nats.next(pull).replyToken(4)).as("even this pull waits").isEqualTo(3);
    }

    @Test
    void theFirstStepOfABackoffListReplacesTheLeaseTime() {
        RawGroup group = group("\"max_deliver\":5,\"backoff\":[300000000,900000000]," + ackWait(LONG));
        RawMessage info = group.api("CONSUMER.INFO." + group.stream() + ".C", "");

        assertThat(info.field("ack_wait")).contains("300000000");
        long asked = System.nanoTime();
        group.take();

        assertThat(group.take().readNanos() - asked).isGreaterThan(SHORT.toNanos() - GRAIN);
        assertThat(group.take().readNanos() - asked)
                .isGreaterThan(TimeUnit.MILLISECONDS.toNanos(300 + 900) - 2 * GRAIN);
    }

    @Test
    void withABackoffListADelayedNakWaitsForTheDifferenceOfTheStepsToo() {
        RawGroup group = group("\"max_deliver\":5,\"backoff\":[300000000,900000000]," + ackWait(LONG));
        nats.request(group.take().reply(), "-NAK");
        RawMessage second = group.take();
        long written = System.nanoTime();
        nats.publish(second.reply(), "-NAK {\"delay\":200000000}");
        RawMessage third = group.take();

        assertThat(third.replyToken(4)).isEqualTo(3);
        assertThat(third.readNanos() - written).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(200 + 600) - GRAIN);
    }

    @Test
    void whatAWorkqueueGaveUpStaysUntilALateAck() {
        RawGroup group =
                RawGroup.create(nats, MEMORY + ",\"retention\":\"workqueue\"", "\"max_deliver\":1," + ackWait(SHORT));
        group.store("one");
        int told = advisories(group, "MAX_DELIVERIES");
        RawMessage last = group.take();
        assertThat(group.takeWithin(SHORT.multipliedBy(2))).as("given up").isEmpty();
        assertThat(nats.next(told).field("stream_seq")).contains("1");
        assertThat(messages(group)).contains("1");
        nats.request(last.reply(), "+ACK");

        assertThat(messages(group)).contains("0");
    }

    private Optional<String> messages(RawGroup group) {
        return group.api("STREAM.INFO." + group.stream(), "").field("messages");
    }
}
