package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.Room;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.TouchMode;
import io.leasehold.pace.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Publishers that never call {@code onSubscribe}, or do so late: there is nothing to cancel, and what ends other work
 * ends theirs nevertheless. There is one slot, so that what a message keeps the next one misses.
 */
class SilentPublishersTest {
    @RegisterExtension
    final Room room = Room.fenced();

    private final List<Subscriber<? super Object>> silent = new ArrayList<>();

    /** Where the publisher stands. */
    private enum Way {
        HANDLE,
        BATCH,
        DELIVERIES,
        THROUGH,
        TRACKED;

        Flux<Outcome> of(MessageConsumer<String> consumer, SilentPublishersTest test) {
            return switch (this) {
                case HANDLE -> consumer.handle(test::work);
                case BATCH -> consumer.handleBatch(BatchSettings.ofSize(1), all -> test.work(all.get(0)));
                case DELIVERIES -> consumer.deliveries().flatMap(delivery -> delivery.settleBy(test.work(delivery)), 1);
                case THROUGH ->
                    consumer.through(flux -> flux.flatMap(delivery -> delivery.settleBy(test.work(delivery)), 1));
                case TRACKED -> consumer.handle(delivery -> delivery.lease().track(test.work(delivery)));
            };
        }
    }

    // Silent for the first message, at its first delivery only: whatever ends that, all is well afterwards.
    private Publisher<Object> work(Delivery<String> delivery) {
        boolean first = delivery.body().equals("silent") && delivery.deliveryCount() == 1;
        return first ? silent::add : Mono.empty();
    }

    private MessageConsumer<String> consumer() {
        return room.consumer().concurrency(1).redelivery(Backoff.fixed(Duration.ofSeconds(1)));
    }

    private Heard<Outcome> hear(Way way, MessageConsumer<String> consumer) {
        Heard<Outcome> outcomes = room.hear(way.of(consumer, this));
        room.publish("silent", "next");
        return outcomes;
    }

    private void assertGoesOn(Heard<Outcome> outcomes) {
        assertThat(outcomes.values())
                .filteredOn(outcome -> outcome.kind() == Outcome.Kind.ACKED)
                .as("both, with the slot that was given back")
                .hasSize(2);
        assertThat(room.group("assessors").held()).isZero();
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(Way.class)
    void theHandlersTimeoutEndsThem(Way way) {
        Heard<Outcome> outcomes = hear(way, consumer().handlerTimeout(Duration.ofSeconds(5)));
        room.pass(Duration.ofSeconds(15));

        assertThat(outcomes.values()).extracting(Outcome::code).as("told").contains(ErrorCode.HANDLER_TIMEOUT);
        assertGoesOn(outcomes);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(Way.class)
    void theLossOfTheirLeaseEndsThem(Way way) {
        Heard<Outcome> outcomes = hear(way, consumer().touch(TouchMode.NEVER));
        room.pass(Room.T.multipliedBy(2));

        assertThat(outcomes.values()).extracting(Outcome::loss).contains(LeaseLoss.EXPIRED);
        assertGoesOn(outcomes);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(Way.class)
    void maxHoldEndsThemAndIsTold(Way way) {
        Heard<Outcome> outcomes = hear(way, consumer().maxHold(Room.T.multipliedBy(3)));
        room.pass(Room.T.multipliedBy(6));

        assertThat(outcomes.values()).extracting(Outcome::loss).contains(LeaseLoss.MAX_HOLD);
        assertThat(room.told().count(Kind.HOLD_EXCEEDED)).isEqualTo(1);
        assertGoesOn(outcomes);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(Way.class)
    void aDrainEndsThemAtItsLimitAndGivesTheMessageBack(Way way) {
        MessageConsumer<String> consumer = consumer();
        Heard<Outcome> outcomes = hear(way, consumer);
        Heard<Void> drained = room.hear(consumer.control().drain(Duration.ofSeconds(3)));
        room.pass(Duration.ofSeconds(4));

        assertThat(drained.hasCompleted()).isTrue();
        assertThat(outcomes.hasCompleted()).isTrue();
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.RELEASED);
        assertThat(room.group("assessors").held()).isZero();
        assertThat(room.group("assessors").queued()).isEqualTo(2);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(Way.class)
    void aCloseEndsThemAndGivesTheMessageBack(Way way) {
        Heard<Outcome> outcomes = hear(way, consumer());
        Heard<Void> closed = room.hear(room.client().close());
        room.pass(Duration.ofSeconds(1));

        assertThat(closed.hasCompleted()).isTrue();
        assertThat(outcomes.hasEnded()).isTrue();
        assertThat(room.group("assessors").held()).isZero();
        assertThat(room.group("assessors").queued()).isEqualTo(2);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(Way.class)
    void whatSubscribesAfterItsEndIsCancelled(Way way) {
        Heard<Outcome> outcomes = hear(way, consumer().touch(TouchMode.NEVER));
        room.pass(Room.T.multipliedBy(2));
        Subscriptions late = new Subscriptions();
        silent.get(0).onSubscribe(late);
        silent.get(0).onComplete();
        room.pass(Duration.ofSeconds(1));

        assertThat(late.cancelled).isTrue();
        assertGoesOn(outcomes);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(Way.class)
    void whatSubscribesLateIsWorkAsAnyOther(Way way) {
        Heard<Outcome> outcomes = hear(way, consumer());
        room.pass(Duration.ofSeconds(1));
        Subscriptions late = new Subscriptions();
        silent.get(0).onSubscribe(late);
        assertThat(late.requested).isTrue();
        silent.get(0).onComplete();
        room.pass(Duration.ofSeconds(1));

        assertThat(late.cancelled).isFalse();
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED, Outcome.Kind.ACKED);
    }

    @Test
    void aPipelineThatNeverSubscribesIsEndedByADrain() {
        MessageConsumer<String> consumer = consumer();
        Heard<Outcome> outcomes = room.hear(consumer.through(flux -> silent::add));
        room.publish("a");
        Heard<Void> drained = room.hear(consumer.control().drain(Duration.ofSeconds(3)));
        room.pass(Duration.ofSeconds(4));

        assertThat(drained.hasCompleted()).isTrue();
        assertThat(outcomes.hasCompleted()).isTrue();
        assertThat(room.group("assessors").queued()).isEqualTo(1);
    }

    @Test
    void aReleaseThatNeverSubscribesEndsWithItsLimit() {
        AtomicBoolean released = new AtomicBoolean();
        Heard<Outcome> outcomes = room.hear(consumer()
                .handle(delivery -> delivery.lease()
                        .bind(Mono.just(1), one -> subscriber -> released.set(true))
                        .then()));
        room.publish("a", "b");
        room.pass(Duration.ofMinutes(5));

        assertThat(released).isTrue();
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED, Outcome.Kind.ACKED);
        assertThat(room.told().faults()).hasSize(2);
        room.told().faults().clear();
    }

    private static final class Subscriptions implements Subscription {
        private boolean requested;
        private boolean cancelled;

        @Override
        public void request(long n) {
            requested = true;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }
}
