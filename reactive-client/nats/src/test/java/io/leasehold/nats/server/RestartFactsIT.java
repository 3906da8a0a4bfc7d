package io.leasehold.nats.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Threads;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is left of leases and pulls when a server that stands alone comes back. */
@EachServer
class RestartFactsIT {
    private static final Duration LEASE = Duration.ofSeconds(3);
    private static final long GRAIN = TimeUnit.MILLISECONDS.toNanos(2);

    /** What a restart may cut off a lease: the server writes its clock down in whole seconds. */
    private static final long CUT_OFF_NANOS = TimeUnit.SECONDS.toNanos(1);

    private NatsServer server;
    private RawNats nats;
    private RawGroup group;

    @BeforeEach
    void start(ServerBinary binary) {
        server = NatsServer.start(binary);
        nats = RawNats.connect(server.port());
        group = RawGroup.create(nats, "\"storage\":\"file\"", "\"ack_wait\":" + LEASE.toNanos());
        group.store("one");
    }

    @AfterEach
    void stop() {
        nats.close();
        server.close();
    }

    private void comeBack() {
        server.start();
        connectAgain();
    }

    private void connectAgain() {
        nats.close();
        nats = RawNats.connect(server.port());
        group = group.through(nats);
    }

    @Test
    void aCrashCutsAtMostASecondOffALease() {
        long asked = System.nanoTime();
        group.take();
        server.written(group.stream(), "C").awaitDeliveries(1);
        server.kill();
        comeBack();
        assertThat(group.state("num_ack_pending")).isEqualTo(1);
        RawMessage again = group.take();

        assertThat(again.replyToken(4)).isEqualTo(2);
        assertThat(again.readNanos() - asked).isGreaterThan(LEASE.toNanos() - CUT_OFF_NANOS - GRAIN);
    }

    @Test
    void anOrderlyRestartToo() {
        long asked = System.nanoTime();
        group.take();
        server.terminate();
        comeBack();
        RawMessage again = group.take();

        assertThat(again.replyToken(4)).isEqualTo(2);
        assertThat(again.readNanos() - asked).isGreaterThan(LEASE.toNanos() - CUT_OFF_NANOS - GRAIN);
    }

    @Test
    void anAckOfTheFormerLifeIsTaken() {
        RawMessage held = group.take();
        server.written(group.stream(), "C").awaitDeliveries(1);
        server.kill();
        comeBack();

        assertThat(nats.request(held.reply(), "+ACK").body()).isEmpty();
        assertThat(group.state("num_ack_pending")).isZero();
    }

    /** The file cannot be written here, as if the crash came before it was. */
    @Test
    void aCrashForgetsDeliveriesThatWereNotWritten() {
        WrittenGroup written = server.written(group.stream(), "C");
        written.prevent();
        RawMessage held = group.take();
        server.kill();
        written.allow();
        comeBack();
        assertThat(group.state("num_ack_pending")).isZero();
        RawMessage again = group.take();

        assertThat(again.replyToken(4)).isEqualTo(held.replyToken(4)).isEqualTo(1);
        assertThat(again.reply()).isEqualTo(held.reply());
    }

    /** It writes the time of the message with a delivery, and its own time with a touch. */
    @Test
    void anUntouchedDeliveryIsCountedFromWhenItsMessageWasStored() {
        // The restart has to be over long before it is.
        Duration lease = LEASE.multipliedBy(4);
        group = RawGroup.create(nats, "\"storage\":\"file\"", "\"ack_wait\":" + lease.toNanos());
        group.store("untouched");
        group.store("touched");
        long stored = System.nanoTime();
        Threads.await("messages older than a lease", lease.plus(RawNats.LIMIT), () -> hasPassed(stored, lease));
        long asked = System.nanoTime();
        group.take();
        nats.request(group.take().reply(), "+WPI");
        server.restart();
        connectAgain();
        RawMessage again = group.take();

        assertThat(again.body()).isEqualTo("untouched");
        assertThat(again.replyToken(4)).isEqualTo(2);
        assertThat(again.readNanos() - asked).isLessThan(lease.toNanos() - CUT_OFF_NANOS - GRAIN);
        assertThat(group.takeNow()).isEmpty();
    }

    /** Since 2.10 what is due when a server comes back waits to be handed out, and no touch changes that. */
    @Test
    void aTouchAfterACrashDoesNotKeepAnOldMessageThatWasNeverTouchedBefore(ServerBinary binary) {
        Duration lease = LEASE.multipliedBy(2);
        group = RawGroup.create(nats, "\"storage\":\"file\"", "\"ack_wait\":" + lease.toNanos());
        group.store("old");
        long stored = System.nanoTime();
        Threads.await("a message older than a lease", lease.plus(RawNats.LIMIT), () -> hasPassed(stored, lease));
        RawMessage held = group.take();
        server.written(group.stream(), "C").awaitDeliveries(1);

        server.kill();
        comeBack();
        long touched = System.nanoTime();
        assertThat(nats.request(held.reply(), "+WPI").body()).isEmpty();

        RawMessage again = group.take();
        assertThat(again.replyToken(4)).isEqualTo(2);
        assertThat(again.readNanos() - touched < lease.toNanos() - CUT_OFF_NANOS - GRAIN)
                .as("handed out in spite of the touch")
                .isEqualTo(binary.isAtLeast("2.10.0"));
    }

    private static boolean hasPassed(long since, Duration time) {
        return System.nanoTime() - since > time.toNanos();
    }

    @Test
    void pullsAreToldOfAnOrderlyEndButNotOfACrash() {
        nats.request(group.take().reply(), "+ACK");
        int pull = group.pull("{\"batch\":1,\"expires\":20000000000}");
        nats.flush();
        server.terminate();
        assertThat(nats.next(pull).status()).isEqualTo("409 Server Shutdown");
        comeBack();
        int another = group.pull("{\"batch\":5,\"expires\":20000000000}");
        nats.flush();
        server.kill();
        Threads.await("the end of the connection", RawNats.LIMIT, nats::hasEnded);

        assertThat(nats.next(another, Duration.ZERO)).isEmpty();
    }
}
