package io.leasehold.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Scenario;
import io.leasehold.Threads;
import io.leasehold.consume.DeliveryStage;
import io.leasehold.consume.Handler;
import io.leasehold.consume.HeldReport;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.TouchMode;
import io.leasehold.lease.keeper.LeasePolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What is told and kept of deliveries that went wrong. */
class EvidenceTest {
    private final WatchedClient watched = new WatchedClient();

    @AfterEach
    void close() {
        watched.close();
    }

    @Test
    @Scenario(16)
    void aLostDeliveryIsAnEventAndIsKeptAsItStood() {
        watched.consumer()
                .touch(TouchMode.NEVER)
                .handle(delivery -> Mono.never())
                .subscribe(outcome -> {}, error -> {});
        watched.publish("a");
        watched.pass(1950);
        MessagingEvent lost = watched.events.get(0);
        assertThat(lost.kind()).isEqualTo(Kind.LEASE_LOST);
        assertThat(lost.subject()).isEqualTo("assessors/quakes.nc");
        assertThat(lost.details()).containsEntry("loss", LeaseLoss.EXPIRED).containsEntry("id", "id-a");
        List<Evidence> kept = watched.client.evidence().kept();

        assertThat(kept).hasSize(1);
        assertThat(kept.get(0).what()).isEqualTo(Kind.LEASE_LOST);
        assertThat(kept.get(0).loss()).isEqualTo(LeaseLoss.EXPIRED);
        assertThat(kept.get(0).delivery().work().step()).isEqualTo(HeldReport.Step.SUBSCRIBED);
        assertThat(kept.get(0).group().running()).isEqualTo(1);
        assertThat(kept.get(0).ago()).isLessThan(Duration.ofMillis(100));
    }

    @Test
    void workThatIgnoresItsCancelBecomesAnOrphanAndEndsAsOne() throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);

        watched.consumer()
                .touch(TouchMode.NEVER)
                .concurrency(1)
                .handle(Handler.blocking(delivery -> stubborn(inside, gate)))
                .doOnNext(outcome -> over.countDown())
                .subscribe(outcome -> {}, error -> {});
        watched.publish("a");
        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        watched.pass(1950);
        assertThat(watched.kinds()).contains(Kind.LEASE_LOST).doesNotContain(Kind.ORPHAN);
        watched.pass(200);
        assertThat(watched.kinds()).containsOnlyOnce(Kind.ORPHAN);
        assertThat(watched.snapshot().groups().get(0).count(DeliveryStage.ORPHAN))
                .isEqualTo(1);
        List<Evidence> kept = watched.client.evidence().kept();
        assertThat(kept.get(0).what()).isEqualTo(Kind.ORPHAN);
        assertThat(kept.get(1).delivery().work().trace()).anyMatch(frame -> frame.contains("stubborn"));
        gate.countDown();

        assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
        Threads.await(
                "its end is told", Duration.ofSeconds(20), () -> watched.kinds().contains(Kind.ORPHAN_ENDED));
        assertThat(watched.kinds()).containsOnlyOnce(Kind.ORPHAN_ENDED);
    }

    private static void stubborn(CountDownLatch inside, CountDownLatch gate) {
        inside.countDown();
        boolean open = false;
        while (!open) {
            try {
                open = gate.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException ignored) {
                // It does not listen: that is what makes it an orphan.
            }
        }
    }

    @Test
    @Scenario(16)
    void aRunThatTakesVeryLongIsStalledOnce() {
        watched.consumer()
                .maxHold(LeasePolicy.UNLIMITED)
                .handle(delivery -> Mono.never())
                .subscribe(outcome -> {}, error -> {});
        watched.publish("a");
        watched.pass(299_000);
        assertThat(watched.kinds()).isEmpty();
        watched.pass(602_000);

        assertThat(watched.kinds()).containsExactly(Kind.STALLED);
        assertThat(watched.snapshot().groups().get(0).stalled()).isEqualTo(1);
        assertThat(watched.client.evidence().kept()).extracting(Evidence::what).containsExactly(Kind.STALLED);
    }

    @Test
    void manyThatAreLostAtOnceDoNotPushEachOtherThroughTheRing() {
        watched.consumer()
                .touch(TouchMode.NEVER)
                .concurrency(500)
                .handle(delivery -> Mono.never())
                .subscribe(outcome -> {}, error -> {});
        for (int i = 0; i < 300; i++) {
            watched.publish("m" + i);
        }
        watched.pass(1950);

        assertThat(watched.client.evidence().kept()).hasSize(16);
        assertThat(watched.client.evidence().skipped()).isEqualTo(284);
    }

    @Test
    void settlingAfterTheEndIsAnEventOfItsOwn() {
        watched.consumer()
                .handle(delivery ->
                        delivery.lease().ack().then(delivery.lease().nak()).onErrorResume(error -> Mono.empty()))
                .subscribe(outcome -> {}, error -> {});
        watched.publish("a");

        assertThat(watched.kinds()).containsExactly(Kind.STALE_SETTLEMENT);
        assertThat(watched.events.get(0).subject()).isEqualTo("assessors/quakes.nc");
    }

    @Test
    @Scenario(12)
    void equalSettingsAreToldToHaveDoneNothing() {
        var consumer = watched.consumer();
        consumer.handle(delivery -> Mono.empty()).subscribe(outcome -> {}, error -> {});
        consumer.control().apply(consumer.settings()).subscribe();
        consumer.control().apply(consumer.concurrency(3).settings()).subscribe();

        assertThat(watched.kinds()).containsExactly(Kind.SETTINGS_UNCHANGED, Kind.SETTINGS_CHANGED);
    }

    @Test
    void theEventsEndWithTheClient() {
        watched.client.close().subscribe(outcome -> {}, error -> {});
        watched.pass(10_000);
        assertThat(watched.client.events().collectList().block(Duration.ofSeconds(10)))
                .isEmpty();
    }
}
