package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.Room;
import io.leasehold.Scenario;
import io.leasehold.Threads;
import io.leasehold.broker.Capabilities;
import io.leasehold.broker.RetentionSpec;
import io.leasehold.diagnostics.ClientSnapshot;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.lease.TouchMode;
import io.leasehold.lease.keeper.LeasePolicy;
import io.leasehold.message.Retention;
import io.leasehold.message.TopicFilter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Work whose thread is blocked and ignores interrupts: it goes on after its lease is lost, or for very long. The
 * lease's time is virtual.
 */
class OrphanTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @RegisterExtension
    final Room room = Room.natsLike();

    private final CountDownLatch gate = new CountDownLatch(1);
    private final List<Integer> started = new CopyOnWriteArrayList<>();
    private final List<Integer> left = new CopyOnWriteArrayList<>();

    @AfterEach
    void open() {
        gate.countDown();
        Threads.await("all threads have left", LIMIT, () -> left.size() == started.size());
    }

    private void work(Delivery<String> delivery) {
        started.add(delivery.deliveryCount());
        while (delivery.deliveryCount() == 1 && gate.getCount() > 0) {
            try {
                gate.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException deaf) {
                Thread.interrupted();
            }
        }
        left.add(delivery.deliveryCount());
    }

    private Heard<Outcome> run(int concurrency) {
        return run(room.consumer().concurrency(concurrency).touch(TouchMode.NEVER));
    }

    private Heard<Outcome> run(MessageConsumer<String> consumer) {
        Heard<Outcome> outcomes = room.hear(consumer.handle(Handler.blocking(this::work)));
        room.publish("a");
        Threads.await("the first run has begun", LIMIT, () -> started.size() == 1);
        // Its thread has left the client, which therefore follows the test's thread from here on.
        snapshot();
        return outcomes;
    }

    private ClientSnapshot snapshot() {
        return snapshotIn(room);
    }

    private static ClientSnapshot snapshotIn(Room room) {
        Heard<ClientSnapshot> snapshot = room.hear(room.client().snapshot());
        room.pass(Duration.ZERO);
        // A thread that just works for the client takes it, where there is one.
        Threads.await("the snapshot is there", LIMIT, () -> !snapshot.values().isEmpty());
        return snapshot.values().get(0);
    }

    private GroupCounts counts() {
        return snapshot().groups().get(0);
    }

    /** On a broker whose tokens begin anew with their group. */
    @Nested
    class WithTokensPerMessage {
        @RegisterExtension
        final Room anew = Room.of(EmbeddedSettings.builder()
                .plays(Capabilities.fenced().tokens(Capabilities.Tokens.PER_MESSAGE))
                .retain(new RetentionSpec(TopicFilter.of("quakes.>"), Retention.defaults()))
                .build());

        @Test
        void aMessageOfAGroupThatWasMadeAnewWaitsForItsOrphanAndIsNotTakenForAnOlderOne() {
            MessageConsumer<String> consumer = anew.consumer();
            Heard<Outcome> outcomes = anew.hear(consumer.handle(Handler.blocking(OrphanTest.this::work)));
            anew.publish("a");
            Threads.await("the first run has begun", LIMIT, () -> started.size() == 1);
            snapshotIn(anew);
            outcomes.cancel();
            anew.pass(Duration.ofSeconds(5));
            anew.broker().deleteGroup("assessors");

            anew.hear(consumer.handle(Handler.blocking(OrphanTest.this::work)));
            anew.pass(Duration.ofMillis(10));

            assertThat(anew.told().count(Kind.OLDER_DELIVERY)).isZero();
            assertThat(started).hasSize(1);
            gate.countDown();
            Threads.await("the next run has begun", LIMIT, () -> {
                anew.pass(Duration.ofMillis(10));
                return started.size() == 2;
            });
        }
    }

    @Test
    void anOrphanKeepsItsSlotIsShownAndFreesItWhenItEnds() {
        run(1);
        room.pass(Room.T);

        assertThat(counts().count(DeliveryStage.ORPHAN)).isEqualTo(1);
        assertThat(room.told().count(Kind.ORPHAN)).isEqualTo(1);
        room.publish("b");
        room.pass(Room.T.multipliedBy(5));
        assertThat(started).as("its slot is taken").hasSize(1);
        HeldReport orphan = snapshot().held().stream()
                .filter(held -> held.work().stage() == DeliveryStage.ORPHAN)
                .findFirst()
                .orElseThrow();
        assertThat(orphan.lease().age()).isEqualTo(Room.T.multipliedBy(6));
        gate.countDown();
        Threads.await("the next runs", LIMIT, () -> started.size() >= 3);
        Threads.await("the orphan's end is told", LIMIT, () -> room.told().count(Kind.ORPHAN_ENDED) == 1);
    }

    @Test
    void theRedeliveryOfAnOrphansMessageWaitsForItsEnd() {
        run(2);
        room.pass(Room.T.plusMillis(100));

        assertThat(counts().count(DeliveryStage.BEHIND)).isEqualTo(1);
        assertThat(started).containsExactly(1);
        gate.countDown();
        Threads.await("the redelivery runs", LIMIT, () -> started.size() == 2);
        assertThat(started).containsExactly(1, 2);
        Threads.await("it is done", LIMIT, () -> room.group("assessors").held() == 0);
    }

    @Test
    void aRedeliveryThatWaitsTooLongIsGivenBackWithADelay() {
        run(room.consumer().concurrency(2).maxHold(Duration.ofSeconds(12)));
        room.pass(Duration.ofSeconds(12).plus(Room.T));

        assertThat(counts().count(DeliveryStage.BEHIND)).isEqualTo(1);
        room.pass(Room.T.multipliedBy(2).plusSeconds(1));
        assertThat(room.told().count(Kind.SUCCESSOR_RELEASED)).isEqualTo(1);
        assertThat(started).containsExactly(1);
    }

    @Test
    @Scenario(15)
    void howeverLongTheyAreStuckNeitherHandlersNorThreadsGrow() {
        run(2);
        room.publish("b", "c", "d", "e", "f", "g", "h", "i");
        Threads.await("both slots are taken", LIMIT, () -> started.size() == 2);
        room.pass(Room.T);
        long threads = blocking();
        room.pass(Room.T.multipliedBy(100));

        assertThat(started).hasSize(2);
        assertThat(counts().count(DeliveryStage.ORPHAN)).isEqualTo(2);
        // Those of another test may have left meanwhile.
        assertThat(blocking()).isLessThanOrEqualTo(threads);
        gate.countDown();
        Threads.await("all were delivered again and are done", LIMIT, () -> left.size() == 2 + 9);
        Threads.await("nothing is held", LIMIT, () -> snapshot().held().isEmpty());
    }

    private static long blocking() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("leasehold-assessors"))
                .count();
    }

    @Test
    void whileAllHandlersAreBlockedForHoursTheirLeasesAreTouchedAndNothingIsDeliveredAgain() {
        Heard<Outcome> outcomes =
                run(room.consumer().concurrency(2).touch(TouchMode.AUTO).maxHold(LeasePolicy.UNLIMITED));
        room.publish("b", "c");
        Threads.await("both slots are taken", LIMIT, () -> started.size() == 2);
        snapshot();
        room.pass(Duration.ofHours(2));

        assertThat(room.told().touches()).isGreaterThan(2 * 7200 / 4);
        assertThat(room.told().losses()).isEmpty();
        assertThat(room.told().count(Kind.TROUBLE)).isZero();
        assertThat(started).containsExactly(1, 1);
        gate.countDown();
        Threads.await("all are done", LIMIT, () -> outcomes.values().size() == 3);
        assertThat(Room.kinds(outcomes)).containsOnly(Outcome.Kind.ACKED);
    }

    @Test
    void anOrphanOutlivesItsSubscriptionAndStillHoldsItsSlot() {
        Heard<Outcome> first = run(1);
        room.pass(Room.T);
        first.cancel();
        room.pass(Duration.ofSeconds(1));
        room.hear(room.consumer().concurrency(1).handle(Handler.blocking(this::work)));
        room.publish("b");
        room.pass(Room.T.multipliedBy(2));

        assertThat(started).hasSize(1);
        gate.countDown();
        Threads.await("the others run", LIMIT, () -> started.size() == 3);
    }
}
