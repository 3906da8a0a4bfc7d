package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Room;
import io.leasehold.Thrown;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.Recorder;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseView;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.TouchMode;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.pace.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** Whatever user code or a plug-in throws, wherever: the loops of the library go on, or end where it can be seen. */
class FaultsTest {
    @RegisterExtension
    final Room room = Room.fenced();

    /** Throws at every call. */
    private static final class Hostile implements Recorder {
        private final AtomicInteger calls = new AtomicInteger();

        private void fail() {
            calls.incrementAndGet();
            throw new IllegalStateException("a recorder's fault");
        }

        @Override
        public void event(MessagingEvent event) {
            fail();
        }

        @Override
        public void fault(Throwable fault) {
            fail();
        }

        @Override
        public void opened(LeaseView lease) {
            fail();
        }

        @Override
        public void lost(LeaseView lease, LeaseLoss loss) {
            fail();
        }

        @Override
        public void settled(LeaseView lease, SettleVerb verb, SettleAnswer answer) {
            fail();
        }

        @Override
        public void stale(LeaseView lease, SettleVerb verb) {
            fail();
        }

        @Override
        public void touched(LeaseView lease) {
            fail();
        }

        @Override
        public void touchAnswered(LeaseView lease, boolean inTime) {
            fail();
        }

        @Override
        public void cancelDelayed(long nanos) {
            fail();
        }

        @Override
        public void published(String topic, @Nullable ErrorCode code, long nanos) {
            fail();
        }
    }

    @Test
    void aRecorderThatAlwaysThrowsChangesNothing() {
        Hostile hostile = new Hostile();
        MessageClient client = room.client("watched", builder -> builder.recorder(hostile));
        Heard<Outcome> outcomes = room.hear(Room.consumer(client)
                .concurrency(8)
                .maxDeliveries(2)
                .retryOn(error -> error instanceof MessagingException)
                .redelivery(Backoff.fixed(Duration.ofMillis(500)))
                .handle(delivery -> switch (Integer.parseInt(delivery.body()) % 4) {
                    case 0 -> Mono.empty();
                    case 1 -> Mono.error(new IllegalStateException("no"));
                    case 2 -> Mono.delay(Room.T.multipliedBy(2), room.time());
                    default -> delivery.deliveryCount() == 1 ? Mono.just(Disposition.nak()) : Mono.empty();
                }));
        Heard<PublishReceipt> published =
                room.hear(client.publish(Message.to("quakes.nc").body("0")));
        room.publish(40);
        room.pass(Duration.ofMinutes(3));

        assertThat(published.hasCompleted()).isTrue();
        assertThat(hostile.calls.get()).isGreaterThan(100);
        assertThat(outcomes.hasEnded()).isFalse();
        assertThat(Room.kinds(outcomes)).filteredOn(Outcome.Kind.ACKED::equals).hasSize(31);
        assertThat(room.group("assessors").held() + room.group("assessors").queued())
                .isZero();
    }

    // From there on a lease may run out, and whoever hears of that asks for its delivery.
    @Test
    void aDeliveryCanBeSeenFromTheMomentAtWhichItsLeaseIsOpened() {
        List<DeliveryStage> stages = new ArrayList<>();
        Recorder curious = new Recorder() {
            @Override
            public void opened(LeaseView lease) {
                HeldItem item = HeldItem.of(lease);
                assertThat(item.report(0)).isNotNull();
                stages.add(item.stage());
            }
        };
        MessageClient client = room.client("watched", builder -> builder.recorder(curious));
        room.hear(Room.consumer(client).handle(delivery -> Mono.empty()));
        room.publish(3);

        assertThat(stages).containsOnly(DeliveryStage.NEW).hasSize(3);
    }

    @Test
    void aHandlerThatThrowsOrReturnsNothingFailsItsMessageOnly() {
        Heard<Outcome> outcomes = room.hear(room.consumer().maxDeliveries(1).handle(delivery -> {
            if (delivery.body().equals("throws")) {
                throw new IllegalStateException("no");
            }
            return delivery.body().equals("null") ? null : Mono.empty();
        }));
        room.publish("throws", "null", "good");

        assertThat(outcomes.values())
                .extracting(Outcome::code)
                .containsExactlyInAnyOrder(ErrorCode.HANDLER_FAILED, ErrorCode.BAD_HANDLER, null);
    }

    @Test
    void workThatThrowsInItsCancelIsCancelledNevertheless() {
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .touch(TouchMode.NEVER)
                .handle(delivery -> Mono.never().doOnCancel(() -> {
                    throw new IllegalStateException("in a cancel");
                })));
        room.publish("a");
        room.pass(Room.T);

        assertThat(outcomes.values()).first().extracting(Outcome::loss).isEqualTo(LeaseLoss.EXPIRED);
        outcomes.cancel();
        room.told().faults().clear();
    }

    // Reactor throws what is fatal past the operators, which leaves their other sources subscribed.
    @Test
    void whatAFatalErrorLeavesBehindOfItsWorkIsCancelledBeforeTheMessageIsGivenBack() {
        AtomicInteger effects = new AtomicInteger();
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .redelivery(Backoff.fixed(Duration.ofMinutes(1)))
                .handle(delivery -> ticksBesideAFatalError(effects)));
        room.publish("a");
        room.pass(Duration.ofSeconds(5));

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.NAKED);
        assertThat(effects).as("effects after the end").hasValue(0);
    }

    @Test
    void whatAFatalErrorLeavesBehindOfATrackedPublisherIsCancelled() {
        AtomicInteger effects = new AtomicInteger();
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .handle(delivery ->
                        delivery.lease().track(ticksBesideAFatalError(effects)).onErrorComplete()));
        room.publish("a");
        room.pass(Duration.ofSeconds(5));

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
        assertThat(effects).as("effects after the end").hasValue(0);
    }

    private Flux<Object> ticksBesideAFatalError(AtomicInteger effects) {
        Flux<Integer> ticks = Flux.interval(Duration.ofSeconds(1), room.time()).map(tick -> effects.incrementAndGet());
        return Flux.merge(ticks, Mono.just(1).map(one -> Thrown.LINKAGE.raise()));
    }

    @Test
    void workThatSignalsAgainstTheRulesEndsOnce() {
        Heard<Outcome> outcomes = room.hear(room.consumer().handle(delivery -> subscriber -> {
            subscriber.onSubscribe(Operators.emptySubscription());
            subscriber.onNext("one");
            subscriber.onComplete();
            subscriber.onComplete();
            subscriber.onNext("late");
            subscriber.onSubscribe(Operators.emptySubscription());
        }));
        room.publish("a", "b");
        room.pass(Duration.ofSeconds(1));

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED, Outcome.Kind.ACKED);
    }

    @Test
    void aSubscriberThatThrowsAtAnOutcomeIsItsOwnAffair() {
        List<String> seen = new ArrayList<>();
        Heard<Outcome> outcomes =
                room.hear(room.consumer().handle(delivery -> Mono.empty()).doOnNext(outcome -> {
                    seen.add(outcome.topic());
                    throw new IllegalStateException("a subscriber's fault");
                }));
        room.publish("a", "b");
        room.pass(Duration.ofSeconds(1));

        assertThat(seen).hasSize(1);
        assertThat(outcomes.hasEnded()).isTrue();
        Heard<Outcome> again = room.hear(room.consumer().handle(delivery -> Mono.empty()));
        room.publish("c");
        room.pass(Duration.ofSeconds(1));
        assertThat(Room.kinds(again)).contains(Outcome.Kind.ACKED);
    }

    @Test
    void aPipelineThatFailsEndsWithItsErrorAndGivesBackWhatItHad() {
        Heard<Outcome> outcomes = room.hear(room.consumer()
                .concurrency(4)
                .through(flux -> flux.concatMap(delivery -> delivery.body().equals("3")
                        ? Flux.error(new IllegalStateException("in the pipeline"))
                        : delivery.settleBy(Mono.empty()))));
        room.publish(10);
        room.pass(Duration.ofSeconds(1));

        assertThat(outcomes.error()).isInstanceOf(IllegalStateException.class);
        assertThat(Room.kinds(outcomes)).filteredOn(Outcome.Kind.ACKED::equals).hasSize(3);
        assertThat(room.group("assessors").held()).isZero();
        assertThat(room.group("assessors").queued()).isEqualTo(7);
    }

    @Test
    void aPipelineThatCannotBeMadeEndsWithItsError() {
        Heard<Outcome> outcomes = room.hear(room.consumer().through(flux -> {
            throw new IllegalStateException("no pipeline");
        }));
        room.pass(Duration.ofSeconds(1));

        assertThat(outcomes.error()).isInstanceOf(IllegalStateException.class);
        room.publish("a");
        assertThat(room.group("assessors").held()).isZero();
    }
}
