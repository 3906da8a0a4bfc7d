package io.leasehold.lease.keeper;

import static io.leasehold.lease.keeper.LeaseBench.owner;
import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.BoundResource;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseLostException;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.StoppedTimers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.publisher.TestPublisher;

/** What hangs on a lease is waited for, and is given back when the run ends or the lease is lost. */
class BoundResourcesTest {
    private final LeaseBench bench = LeaseBench.fenced();
    private final KeptLease lease = bench.run();
    private final List<String> released = new ArrayList<>();

    private Publisher<Void> release(String resource) {
        return Mono.fromRunnable(() -> released.add(resource));
    }

    private BoundResource<String> bound(String resource) {
        return Answered.of(lease.handle().bind(Mono.just(resource), this::release))
                .value();
    }

    private static ErrorCode refusalOf(BoundResource<?> bound) {
        try {
            bound.use();
            return null;
        } catch (MessagingException refused) {
            return refused.code();
        }
    }

    private void endRun() {
        Mono<Void> release = lease.releaseBound();
        if (release != null) {
            Answered.of(release);
        }
    }

    // ---- bind

    @Test
    void aResourceMayBeUsedWhileTheLeaseIsHeld() {
        BoundResource<String> bound = bound("lock");
        assertThat(bound.use()).isEqualTo("lock");
        bench.pass(Duration.ofSeconds(5));

        assertThat(bound.use()).isEqualTo("lock");
        assertThat(released).isEmpty();
    }

    @Test
    void aResourceIsReleasedWhenTheRunEndsAndRefusesUseFromThen() {
        BoundResource<String> bound = bound("lock");
        endRun();
        endRun();

        assertThat(released).containsExactly("lock");
        assertThat(refusalOf(bound)).isEqualTo(ErrorCode.LEASE_LOST);
    }

    @Test
    void aResourceRefusesUseAfterTheLossAndIsReleasedByTheEndOfTheRun() {
        BoundResource<String> bound = bound("lock");
        lease.lose(LeaseLoss.SUPERSEDED);
        assertThat(refusalOf(bound)).isEqualTo(ErrorCode.LEASE_LOST);
        endRun();

        assertThat(released).containsExactly("lock");
    }

    @Test
    void aResourceRefusesUseAtTheDeadlineWhateverTimersDo() {
        StoppedTimers timers = new StoppedTimers();
        KeptLease kept = LeaseBench.frozen(true, timers).run();
        BoundResource<String> bound = Answered.of(kept.handle().bind(Mono.just("lock"), this::release))
                .value();

        timers.passUntil(kept.deadlineNanos());

        assertThat(refusalOf(bound)).isEqualTo(ErrorCode.LEASE_LOST);
    }

    @Test
    void aResourceMayBeUsedAfterTheWorksOwnConfirmedAck() {
        BoundResource<String> bound = bound("lock");
        lease.settle(SettleVerb.ACK, 0, null);
        bench.broker.answerSettlements();
        assertThat(bound.use()).isEqualTo("lock");
    }

    @Test
    void allResourcesAreReleasedAlthoughOneReleaseFails() {
        bound("first");
        Answered.of(lease.handle().bind(Mono.just("faulty"), any -> Mono.error(new IllegalStateException("no"))));
        Answered.of(lease.handle().bind(Mono.just("throwing"), any -> {
            throw new IllegalStateException("no");
        }));
        bound("last");
        endRun();

        assertThat(released).containsExactlyInAnyOrder("first", "last");
        assertThat(bench.reports.faults).hasSize(2);
    }

    @Test
    void aReleaseThatBeginsWhenTheKeeperHasStoppedIsNotCutOff() {
        Sinks.Empty<Void> unlocked = Sinks.empty();
        Mono<Void> release =
                unlocked.asMono().doOnCancel(() -> released.add("cut off")).doOnTerminate(() -> released.add("lock"));
        Answered.of(lease.handle().bind(Mono.just("lock"), any -> release));
        bench.keeper.stop();
        bench.pass(Duration.ofSeconds(1));

        endRun();
        bench.pass(Duration.ofMinutes(2));
        unlocked.tryEmitEmpty();

        assertThat(released).containsExactly("lock");
        assertThat(bench.reports.faults).isEmpty();
    }

    @Test
    void theEndOfTheRunWaitsForTheReleases() {
        Sinks.Empty<Void> slow = Sinks.empty();
        Answered.of(lease.handle().bind(Mono.just("lock"), any -> slow.asMono()));
        Answered<Void> ended = Answered.of(lease.releaseBound());
        assertThat(ended.isOpen()).isTrue();
        slow.tryEmitEmpty();

        assertThat(ended.isOpen()).isFalse();
    }

    @Test
    void anAcquisitionIsCancelledWhenTheLeaseIsLost() {
        TestPublisher<String> lock = TestPublisher.create();
        Answered<?> asked = Answered.of(lease.handle().bind(lock.mono(), this::release));

        lock.assertSubscribers(1);
        lease.lose(LeaseLoss.EXPIRED);
        lock.assertCancelled();

        assertThat(asked.code()).isEqualTo(ErrorCode.LEASE_LOST);
        assertThat(released).isEmpty();
    }

    @Test
    void anAcquisitionIsAPartOfTheRun() {
        Sinks.One<String> lock = Sinks.one();
        Answered.of(lease.handle().bind(lock.asMono(), this::release));
        assertThat(owner(lease).children).isEqualTo(1);
        lock.tryEmitValue("lock");

        assertThat(owner(lease).children).isZero();
    }

    @Test
    void aValueThatComesAfterTheLossIsReleasedAtOnce() {
        TestPublisher<String> deaf = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        List<String> seen = new ArrayList<>();

        lease.handle().bind(Mono.from(deaf), this::release).subscribe(bound -> seen.add(bound.use()), error -> {});
        lease.lose(LeaseLoss.EXPIRED);
        endRun();
        deaf.next("lock");

        assertThat(seen).isEmpty();
        assertThat(released).containsExactly("lock");
    }

    @Test
    void aValueThatComesAfterTheEndOfTheRunIsReleasedAtOnce() {
        Sinks.One<String> lock = Sinks.one();
        Answered<BoundResource<String>> asked = Answered.of(lease.handle().bind(lock.asMono(), this::release));

        endRun();
        lock.tryEmitValue("lock");

        assertThat(released).containsExactly("lock");
        assertThat(asked.values)
                .allSatisfy(bound -> assertThat(refusalOf(bound)).isNotNull());
    }

    @Test
    void anAcquisitionThatIsGivenUpReleasesNothingAndOneThatWasDoneIsReleased() {
        Sinks.One<String> lock = Sinks.one();
        Answered<BoundResource<String>> asked = Answered.of(lease.handle().bind(lock.asMono(), this::release));

        asked.cancel();
        assertThat(released).isEmpty();
        assertThat(owner(lease).children).isZero();
        endRun();

        assertThat(released).isEmpty();
    }

    @Test
    void anAcquisitionThatFailsSaysWhy() {
        Answered<?> asked = Answered.of(lease.handle().bind(Mono.error(new IllegalStateException("no")), any -> null));
        assertThat(asked.error()).isInstanceOf(IllegalStateException.class);
        assertThat(owner(lease).children).isZero();
        endRun();

        assertThat(bench.reports.faults).isEmpty();
    }

    @Test
    void anAcquisitionThatGivesNothingBindsNothing() {
        Answered<?> asked = Answered.of(lease.handle().bind(Mono.<String>empty(), this::release));
        assertThat(asked.values).isEmpty();
        assertThat(asked.error()).isNull();
        assertThat(asked.isOpen()).isFalse();
        endRun();

        assertThat(released).isEmpty();
    }

    @Test
    void nothingIsAcquiredForALeaseThatIsLost() {
        lease.lose(LeaseLoss.EXPIRED);
        TestPublisher<String> lock = TestPublisher.create();
        Answered<?> asked = Answered.of(lease.handle().bind(lock.mono(), this::release));
        assertThat(asked.code()).isEqualTo(ErrorCode.LEASE_LOST);
        lock.assertWasNotSubscribed();
    }

    @Test
    void nothingIsAcquiredWithoutARun() {
        owner(lease).takesChildren = false;
        TestPublisher<String> lock = TestPublisher.create();
        Answered<?> asked = Answered.of(lease.handle().bind(lock.mono(), this::release));
        assertThat(asked.code()).isEqualTo(ErrorCode.LEASE_LOST);
        lock.assertWasNotSubscribed();
    }

    @Test
    void aLeaseThatNothingWasBoundToHasNothingToRelease() {
        assertThat(lease.releaseBound()).isNull();
    }

    // ---- track

    @Test
    void whatIsTrackedIsAPartOfTheRunUntilItEnds() {
        TestPublisher<String> work = TestPublisher.create();
        Answered<String> tracked = Answered.of(lease.handle().track(work));

        assertThat(owner(lease).children).isEqualTo(1);
        work.next("a", "b").complete();

        assertThat(tracked.values).containsExactly("a", "b");
        assertThat(owner(lease).children).isZero();
    }

    @Test
    void whatIsTrackedIsCancelledAtTheLoss() {
        TestPublisher<String> work = TestPublisher.create();
        Answered<String> tracked = Answered.of(lease.handle().track(work));

        lease.lose(LeaseLoss.MAX_HOLD);
        work.assertCancelled();

        assertThat(tracked.code()).isEqualTo(ErrorCode.LEASE_LOST);
        assertThat(((LeaseLostException) tracked.error()).loss()).isEqualTo(LeaseLoss.MAX_HOLD);
        assertThat(owner(lease).children).isZero();
    }

    @Test
    void whatIsTrackedGoesOnAfterTheWorksOwnAck() {
        TestPublisher<String> work = TestPublisher.create();
        Answered<String> tracked = Answered.of(lease.handle().track(work));

        lease.settle(SettleVerb.ACK, 0, null);
        bench.broker.answerSettlements();
        work.assertNotCancelled();
        work.next("a").complete();

        assertThat(tracked.values).containsExactly("a");
    }

    @Test
    void anErrorOfWhatIsTrackedGoesToWhoeverSubscribed() {
        Answered<String> tracked = Answered.of(lease.handle().track(Mono.error(new IllegalStateException("no"))));
        assertThat(tracked.error()).isInstanceOf(IllegalStateException.class);
        assertThat(owner(lease).children).isZero();
    }

    @Test
    void eachSubscriptionOfWhatIsTrackedCounts() {
        Flux<Object> tracked = lease.handle().track(Mono.never());
        Answered<Object> first = Answered.of(tracked);
        Answered<Object> second = Answered.of(tracked);

        assertThat(owner(lease).children).isEqualTo(2);
        first.cancel();
        second.cancel();

        assertThat(owner(lease).children).isZero();
    }

    @Test
    void whatIsNotHeldIsNotTracked() {
        lease.lose(LeaseLoss.EXPIRED);
        TestPublisher<String> work = TestPublisher.create();
        assertThat(Answered.of(lease.handle().track(work)).code()).isEqualTo(ErrorCode.LEASE_LOST);
        work.assertWasNotSubscribed();

        assertThat(owner(lease).children).isZero();
    }
}
