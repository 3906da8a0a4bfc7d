package io.leasehold.nats.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Threads;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How pulls end, and what is silent. */
@EachServer
class PullFactsIT {
    private static final Duration LEASE = Duration.ofMinutes(1);

    private RawNats nats;

    @BeforeEach
    void connect(NatsServer server) {
        nats = RawNats.connect(server.port());
    }

    @AfterEach
    void disconnect() {
        nats.close();
    }

    private RawGroup group() {
        return RawGroup.create(nats, LEASE);
    }

    @Test
    void aPullThatDoesNotWaitEndsWith404() {
        RawMessage end = nats.next(group().pull("{\"batch\":5,\"no_wait\":true}"));
        assertThat(end.status()).isEqualTo("404 No Messages");
        assertThat(end.body()).isEmpty();
    }

    @Test
    void aPullThatRunsOutEndsWith408AndTellsWhatIsLeft() {
        RawGroup group = group();
        group.store("one");
        long asked = System.nanoTime();
        int pull = group.pull("{\"batch\":5,\"expires\":300000000}");
        assertThat(nats.next(pull).body()).isEqualTo("one");
        RawMessage end = nats.next(pull);

        assertThat(end.status()).isEqualTo("408 Request Timeout");
        assertThat(end.header("Nats-Pending-Messages")).contains("4");
        assertThat(end.header("Nats-Pending-Bytes")).contains("0");
        assertThat(end.readNanos() - asked).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(290));
    }

    @Test
    void aPullThatIsBoundedInBytesTellsAfterItsLastMessageThatItsCountWasReached(ServerBinary binary) {
        RawGroup group = group();
        group.store("one");
        group.store("two");
        int pull = group.pull("{\"batch\":2,\"max_bytes\":100000,\"expires\":5000000000}");
        assertThat(nats.next(pull).body()).isEqualTo("one");
        assertThat(nats.next(pull).body()).isEqualTo("two");
        if (binary.isAtLeast("2.10.0")) {
            RawMessage end = nats.next(pull);
            assertThat(end.status()).isEqualTo("409 Batch Completed");
            assertThat(end.header("Nats-Pending-Messages")).contains("0");
        } else {
            assertThat(nats.next(pull, Duration.ofMillis(300))).isEmpty();
        }
    }

    @Test
    void noClientMayForgeADelivery() {
        int inbox = nats.subscribe("inbox.of.another");
        nats.publish("inbox.of.another", "$JS.ACK.S.C.1.1.1.1700000000000000000.0", "forged");
        nats.publish("inbox.of.another", "any.other", "a message");
        nats.flush();

        assertThat(nats.next(inbox).body()).isEqualTo("a message");
        assertThat(nats.errors()).singleElement().asString().contains("Permissions Violation", "$JS.ACK.S.C");
    }

    @Test
    void statusesNameTheInboxButMessagesDoNot() {
        RawGroup group = group();
        group.store("one");
        int all = nats.subscribe("inbox.*");
        nats.publish(group.pullSubject(), "inbox.7", "{\"batch\":2,\"no_wait\":true,\"expires\":200000000}");
        assertThat(nats.next(all).subject()).isEqualTo(group.subject());
        RawMessage end = nats.next(all);

        assertThat(end.status()).startsWith("40");
        assertThat(end.subject()).isEqualTo("inbox.7");
    }

    @Test
    void heartbeatsComeWhileAPullIsIdle() {
        int pull = group().pull("{\"batch\":5,\"expires\":1000000000,\"idle_heartbeat\":200000000}");
        RawMessage first = nats.next(pull);

        assertThat(first.status()).isEqualTo("100 Idle Heartbeat");
        assertThat(first.header("Nats-Last-Consumer")).contains("0");
        assertThat(first.header("Nats-Last-Stream")).contains("0");
        RawMessage next = nats.next(pull);
        while (next.status().startsWith("100")) {
            next = nats.next(pull);
        }

        assertThat(next.status()).isEqualTo("408 Request Timeout");
    }

    @Test
    void aHeartbeatMustBeAtMostHalfOfThePull() {
        RawMessage end = nats.next(group().pull("{\"batch\":5,\"expires\":1000000000,\"idle_heartbeat\":600000000}"));
        assertThat(end.status()).startsWith("400 Bad Request").contains("heartbeat");
    }

    @Test
    void aMessageThatIsTooLargeEndsThePull() {
        RawGroup group = group();
        group.store("x".repeat(2_000));
        RawMessage end = nats.next(group.pull("{\"batch\":5,\"max_bytes\":1000,\"expires\":2000000000}"));

        assertThat(end.status()).isEqualTo("409 Message Size Exceeds MaxBytes");
        assertThat(end.header("Nats-Pending-Messages")).contains("5");
        assertThat(group.takeNow()).as("not delivered, hence not leased").isPresent();
    }

    @Test
    void deletingTheConsumerEndsPullsWith409() {
        RawGroup group = group();
        int pull = group.pull("{\"batch\":5,\"expires\":5000000000}");

        nats.flush();
        group.api("CONSUMER.DELETE." + group.stream() + ".C", "");

        assertThat(nats.next(pull).status()).isEqualTo("409 Consumer Deleted");
    }

    @Test
    void tooManyPullsAreRefusedButSilentlyWithHeartbeatsOnNewServers(ServerBinary binary) {
        RawGroup group = RawGroup.create(nats, "\"storage\":\"memory\"", "\"max_waiting\":1");
        group.pull("{\"batch\":1,\"expires\":5000000000}");
        RawMessage refused = nats.next(group.pull("{\"batch\":1,\"expires\":5000000000}"));
        assertThat(refused.status()).isEqualTo("409 Exceeded MaxWaiting");
        int beating = group.pull("{\"batch\":1,\"expires\":5000000000,\"idle_heartbeat\":2000000000}");
        nats.flush();
        boolean silent = binary.isAtLeast("2.11.0");
        Optional<RawMessage> answer = nats.next(beating, silent ? Duration.ofMillis(300) : RawNats.LIMIT);

        assertThat(answer.isEmpty()).as(binary + " " + answer).isEqualTo(silent);
    }

    @Test
    void aPullFromAMissingConsumerIsSilentOnOldServersOnly(ServerBinary binary) {
        RawGroup group = group();
        String missing = "$JS.API.CONSUMER.MSG.NEXT." + group.stream() + ".MISSING";
        boolean told = binary.isAtLeast("2.10.0");
        Optional<RawMessage> answer = nats.answer(
                missing, "", "{\"batch\":1,\"expires\":1000000000}", told ? RawNats.LIMIT : Duration.ofMillis(300));
        if (told) {
            assertThat(answer)
                    .hasValueSatisfying(none -> assertThat(none.status()).isEqualTo("503"));
        } else {
            assertThat(answer).isEmpty();
        }
    }

    @Test
    void aPullWhoseInboxIsGoneLosesNoMessage() {
        RawGroup group = group();
        nats.unsubscribe(group.pull("{\"batch\":1,\"expires\":5000000000}"));
        int live = group.pull("{\"batch\":1,\"expires\":5000000000}");
        nats.flush();
        group.store("one");

        assertThat(nats.next(live).replyToken(4)).isEqualTo(1);
    }

    /**
     * Or one that has just run out: who is in the queue is asked after the message was chosen. Up to 2.10.13 the latest
     * message is then handed out as if it never had been, also when it is held or acked, and the other one later.
     */
    @Test
    void aRedeliveryThatMeetsAPullThatIsGoneHasTheLatestMessageHandedOutAgainByOldServers(ServerBinary binary) {
        Duration lease = Duration.ofSeconds(3);
        RawGroup group = RawGroup.create(nats, lease);
        group.store("one");
        group.store("two");
        assertThat(group.take().body()).isEqualTo("one");
        nats.request(group.take().reply(), "+ACK");
        int gone = group.pull("{\"batch\":1,\"expires\":20000000000}");
        Threads.await("it is in the queue", RawNats.LIMIT, () -> group.state("num_waiting") == 1);
        nats.unsubscribe(gone);
        nats.flush();
        assertThat(nats.next(gone, lease.multipliedBy(3).dividedBy(2))).isEmpty();
        RawMessage next = group.take();
        if (binary.isAtLeast("2.10.14")) {
            assertThat(next.body()).isEqualTo("one");
            assertThat(next.replyToken(4)).isEqualTo(2);
        } else {
            assertThat(next.body()).as("acked long ago").isEqualTo("two");
            assertThat(next.replyToken(4)).isEqualTo(1);
        }
    }

    @Test
    void redeliveriesComeBeforeNewMessages() {
        RawGroup group = group();
        group.store("one");
        group.store("two");
        // A pull that follows a nak unanswered may come before it.
        nats.request(group.take().reply(), "-NAK");

        assertThat(group.take().body()).isEqualTo("one");
        assertThat(group.take().body()).isEqualTo("two");
    }
}
