package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.leasehold.Heard;
import io.leasehold.Scenario;
import io.leasehold.broker.StartPosition;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.consume.Outcome;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.TouchMode;
import io.leasehold.nats.server.RawNats;
import io.leasehold.nats.server.WithServers;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** What servers do to leases at their edges, as our client hears of it. */
@WithServers
class NatsLeaseIT {
    private static final Duration LEASE = Duration.ofSeconds(8);
    private static final int MANY = 1_200;

    @RegisterExtension
    static final NatsRoom room = new NatsRoom();

    /** Works on a message that is published when somebody waits for it, and has little time. */
    private Heard<Outcome> holding(String family, Runnable publish) {
        AtomicInteger held = new AtomicInteger();
        Heard<Outcome> outcomes = room.hear(room.client()
                .consumer(family + ".>", "holders", String.class)
                .startFrom(StartPosition.EARLIEST)
                .leaseTime(LEASE)
                .handle(delivery -> {
                    held.incrementAndGet();
                    return Mono.never();
                }));
        String info = "$JS.API.CONSUMER.INFO." + family + ".holders";
        room.await(
                "it waits",
                () -> room.raw()
                        .request(info, "")
                        .field("num_waiting")
                        .orElse("")
                        .equals("1"));
        publish.run();
        room.await("it is held", () -> held.get() == 1);
        return outcomes;
    }

    private static void assertDeleted(Heard<Outcome> outcomes) {
        room.await("its work is cancelled", () -> outcomes.values().size() == 1);
        assertThat(outcomes.values()).extracting(Outcome::loss).containsExactly(LeaseLoss.MESSAGE_DELETED);
    }

    @Test
    void aMessageWhoseTimeToLiveIsOverIsTakenFromItsHolder() {
        assumeThat(room.server().binary().isAtLeast("2.11.0")).isTrue();
        String family = "ttl" + room.stream();
        room.keep(family, "\"storage\":\"memory\",\"allow_msg_ttl\":true");

        assertDeleted(holding(family, () -> room.raw().answer(family + ".a", "Nats-TTL: 3s\r\n", "m", RawNats.LIMIT)));
    }

    @Test
    void aMessageThatTheLimitOfItsSubjectDropsIsTakenFromItsHolder() {
        String family = "last" + room.stream();
        room.keep(family, "\"storage\":\"memory\",\"max_msgs_per_subject\":1");
        room.raw().request(family + ".a", "old");
        AtomicInteger held = new AtomicInteger();
        Heard<Outcome> outcomes = room.hear(room.client()
                .consumer(family + ".>", "holders", String.class)
                .startFrom(StartPosition.EARLIEST)
                .leaseTime(LEASE)
                .handle(delivery -> {
                    held.incrementAndGet();
                    return delivery.body().equals("old") ? Mono.never() : Mono.empty();
                }));
        room.await("it is held", () -> held.get() == 1);
        room.raw().request(family + ".a", "new");
        room.await("both are over", () -> outcomes.values().size() == 2);

        assertThat(outcomes.values())
                .extracting(Outcome::loss)
                .containsExactlyInAnyOrder(LeaseLoss.MESSAGE_DELETED, null);
    }

    /** Servers look for expired leases late where more than 1,024 are held and settlements stream in. */
    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    @Scenario(8)
    void moreThanAThousandRunsAreCancelledBeforeAnybodyElseGetsTheirMessages() {
        ConcurrentHashMap<String, Long> cancelled = new ConcurrentHashMap<>();
        ConcurrentHashMap<String, Long> again = new ConcurrentHashMap<>();
        AtomicLong held = new AtomicLong();
        MessageConsumer<String> stuck = room.consumer().leaseTime(LEASE);
        room.hear(stuck.concurrency(MANY).touch(TouchMode.NEVER).handle(delivery -> {
            held.incrementAndGet();
            String body = delivery.body();
            return Mono.never().doOnCancel(() -> cancelled.putIfAbsent(body, System.nanoTime()));
        }));
        room.publish(MANY);
        room.await("all are held", () -> held.get() == MANY);
        stuck.control().pause().subscribe();
        Heard<Outcome> next = room.hear(room.consumer(room.directClient("next"))
                .leaseTime(LEASE)
                .concurrency(64)
                .handle(delivery -> {
                    again.putIfAbsent(delivery.body(), System.nanoTime());
                    return Mono.empty();
                }));
        room.await("all are done by another one", () -> next.values().size() == MANY && room.held() == 0);
        assertThat(again).hasSize(MANY);
        assertThat(cancelled).hasSize(MANY);
        again.forEach((body, started) ->
                assertThat(started - cancelled.get(body)).as("message " + body).isPositive());
    }
}
