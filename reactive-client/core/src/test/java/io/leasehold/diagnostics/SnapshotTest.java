package io.leasehold.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.Scenario;
import io.leasehold.consume.DeliveryStage;
import io.leasehold.consume.GroupCounts;
import io.leasehold.consume.Handler;
import io.leasehold.consume.HeldReport;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.LeaseState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What a client shows of what it holds. */
class SnapshotTest {
    private final WatchedClient watched = new WatchedClient();

    @AfterEach
    void close() {
        watched.close();
    }

    @Test
    void whatIsHeldIsShownWithoutItsBody() {
        watched.consumer()
                .handle(delivery ->
                        Mono.delay(Duration.ofSeconds(60), watched.time).map(tick -> tick))
                .subscribe(outcome -> {}, error -> {});
        watched.publish("a");
        watched.pass(1000);
        ClientSnapshot snapshot = watched.snapshot();
        assertThat(snapshot.client()).isEqualTo("watched");
        assertThat(snapshot.next()).isNull();
        assertThat(snapshot.held()).hasSize(1);
        HeldReport held = snapshot.held().get(0);

        assertThat(held.group()).isEqualTo("assessors");
        assertThat(held.about().topic()).isEqualTo("quakes.nc");
        assertThat(held.about().id()).isEqualTo("id-a");
        assertThat(held.about().key()).isEqualTo("NC");
        assertThat(held.about().deliveryCount()).isEqualTo(1);
        assertThat(held.about().token()).hasSize(33);
        assertThat(held.lease().state()).isEqualTo(LeaseState.HELD);
        assertThat(held.lease().age()).isEqualTo(Duration.ofSeconds(1));
        assertThat(held.lease().remaining()).isBetween(Duration.ofMillis(500), Duration.ofMillis(1900));
        assertThat(held.lease().touches()).isEqualTo(1);
        assertThat(held.work().stage()).isEqualTo(DeliveryStage.STARTED);
        assertThat(held.work().step()).isEqualTo(HeldReport.Step.SUBSCRIBED);
        assertThat(held.work().tries()).isEqualTo(1);
        assertThat(held.work().running()).isEqualTo(Duration.ofSeconds(1));
        assertThat(String.join(" ", held.work().trace()))
                .containsIgnoringCase("delay")
                .contains("map");
        assertThat(snapshot.toString()).doesNotContain("body");
    }

    @Test
    void deliveriesThatWaitAreCountedByWhatTheyWaitFor() {
        watched.consumer()
                .keyed()
                .concurrency(2)
                .maxWaiting(3)
                .prefetch(3)
                .handle(delivery -> Mono.never())
                .subscribe(outcome -> {}, error -> {});
        watched.publish("a", "b", "c");
        GroupCounts group = watched.snapshot().groups().get(0);

        assertThat(group.taking()).isTrue();
        assertThat(group.limit()).isEqualTo(2);
        assertThat(group.count(DeliveryStage.STARTED)).isEqualTo(1);
        assertThat(group.count(DeliveryStage.LANE)).isEqualTo(2);
        assertThat(group.count(DeliveryStage.ORPHAN)).isZero();
    }

    @Test
    void pagesFollowEachOtherByDeadline() {
        watched.consumer().concurrency(50).handle(delivery -> Mono.never()).subscribe(outcome -> {}, error -> {});
        for (int i = 0; i < 25; i++) {
            watched.publish("m" + i);
            if (i % 3 == 0) {
                watched.pass(20);
            }
        }
        List<String> seen = new ArrayList<>();
        List<Duration> left = new ArrayList<>();
        String cursor = null;
        int pages = 0;
        do {
            ClientSnapshot page = watched.client.snapshot(10, cursor).block(Duration.ofSeconds(10));
            page.held().forEach(held -> {
                seen.add(held.about().id());
                left.add(held.lease().remaining());
            });
            cursor = page.next();
            pages++;
        } while (cursor != null);

        assertThat(pages).isEqualTo(3);
        assertThat(seen).hasSize(25).doesNotHaveDuplicates();
        assertThat(left).isSorted();
    }

    @Test
    void aPageHasFiveHundredUnlessAnotherNumberIsAskedFor() {
        watched.consumer().concurrency(600).handle(delivery -> Mono.never()).subscribe(outcome -> {}, error -> {});
        for (int i = 0; i < 600; i++) {
            watched.publish("m" + i);
        }
        ClientSnapshot first = watched.snapshot();
        assertThat(first.held()).hasSize(500);
        assertThat(first.groups().get(0).count(DeliveryStage.STARTED)).isEqualTo(600);
        ClientSnapshot second = watched.client.snapshot(500, first.next()).block(Duration.ofSeconds(10));

        assertThat(second.held()).hasSize(100);
        assertThat(second.next()).isNull();
    }

    @Test
    void aLimitOrACursorThatIsNoneIsRefused() {
        assertThatThrownBy(() -> watched.client
                        .snapshot(ClientSnapshot.PAGE_MAX + 1, null)
                        .block(Duration.ofSeconds(10)))
                .isInstanceOfSatisfying(
                        MessagingException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.BAD_SETTING));
        assertThatThrownBy(() -> watched.client.snapshot(0, null).block(Duration.ofSeconds(10)))
                .isInstanceOfSatisfying(
                        MessagingException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.BAD_SETTING));
        assertThatThrownBy(() -> watched.client.snapshot(1, "yesterday").block(Duration.ofSeconds(10)))
                .isInstanceOfSatisfying(
                        MessagingException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.BAD_SETTING));
    }

    @Test
    @Scenario(16)
    void aBlockingHandlerIsShownWithItsStack() throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);

        watched.consumer()
                .handle(Handler.blocking(delivery -> parkedInHere(inside, gate)))
                .subscribe(outcome -> {}, error -> {});
        watched.publish("a");
        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        HeldReport.Work work = watched.snapshot().held().get(0).work();
        gate.countDown();

        assertThat(work.step()).isEqualTo(HeldReport.Step.BLOCKING);
        assertThat(work.thread()).contains("leasehold-assessors");
        assertThat(work.trace()).anyMatch(frame -> frame.contains("parkedInHere"));
    }

    private static void parkedInHere(CountDownLatch inside, CountDownLatch gate) {
        inside.countDown();
        try {
            gate.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
