package io.leasehold.consume;

import io.leasehold.broker.StartPosition;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.event.Recorder;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.keeper.LeasePolicy;
import io.leasehold.message.BodyType;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.publish.MessagePublisher;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Puts dead letters back to where they came from, one at a time: published under a new id, confirmed, then acked. What
 * is not put back is held until the end and then released, so that it is seen once by each redrive. A group of its own
 * remembers what was moved.
 *
 * <p>The new id is made of the letter, so that a move which was interrupted between its two steps is recognised when it
 * is repeated.
 */
final class Redrive {
    /** How many letters that are not put back end a redrive early. */
    static final int HELD_MAX = 256;

    static final int RATE_MAX = 100_000;

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int QUIET_LOOKS = 5;

    private final Consumers consumers;
    private final String filter;
    private final int limit;
    private final int perSecond;
    private final Duration interval;
    private final MessagePublisher publisher;
    private final Supplier<Duration> unheard;
    private final Scheduler time;
    private final Recorder recorder;

    Redrive(Consumers consumers, String filter, int limit, int perSecond, ConsumeContext context) {
        if (limit < 1) {
            throw MessagingException.badSetting("redrive.limit", limit, "1 or more");
        }
        if (perSecond < 1 || perSecond > RATE_MAX) {
            throw MessagingException.badSetting("redrive.perSecond", perSecond, "in 1.." + RATE_MAX);
        }

        this.consumers = consumers;
        this.filter = filter;
        this.limit = limit;
        this.perSecond = perSecond;
        this.interval = Duration.ofSeconds(1).dividedBy(perSecond);
        this.publisher = context.publisher();
        this.unheard = context.session()::unheard;
        this.time = context.time();
        this.recorder = context.recorder();
    }

    /** One letter, and the instant at which it is done with. */
    private record Step(HeldDelivery<Message> delivery, Sinks.Empty<Void> done) {}

    /** What one redrive has done so far; signals come one after another. */
    private final class Progress {
        private final String run = UUID.randomUUID().toString();
        private final AtomicInteger moved = new AtomicInteger();
        private final AtomicInteger left = new AtomicInteger();
        private final AtomicInteger refused = new AtomicInteger();

        /** Counts one more that is done with; tells whether it was the last one. */
        boolean isLast(Redriven result) {
            switch (result.kind()) {
                case MOVED -> moved.incrementAndGet();
                case LEFT -> left.incrementAndGet();
                case REFUSED -> refused.incrementAndGet();
            }
            return isEnough();
        }

        private boolean isEnough() {
            return moved.get() >= limit || isTooManyHeld();
        }

        private boolean isTooManyHeld() {
            return left.get() + refused.get() >= HELD_MAX;
        }

        void begins() {
            Map<String, Object> facts = Map.of("group", groupOf(filter), "limit", limit, "perSecond", perSecond);
            recorder.event(new MessagingEvent(Kind.REDRIVING, filter, null, facts));
        }

        void ends(String why, @Nullable ErrorCode code) {
            Map<String, Object> facts = Map.of(
                    MessagingEvent.WHAT,
                    "no more dead letters are put back: " + why,
                    "moved",
                    moved.get(),
                    "left",
                    left.get(),
                    "refused",
                    refused.get());
            recorder.event(new MessagingEvent(Kind.REDRIVEN, filter, code, facts));
        }

        void completes() {
            String without = isTooManyHeld() ? HELD_MAX + " could not be" : "no further one came";
            ends(moved.get() >= limit ? "the limit is reached" : without, null);
        }

        void fails(Throwable error) {
            ErrorCode code = MessagingException.codeOf(error);
            ends("it failed with " + code, code);
        }
    }

    Flux<Redriven> run() {
        return Flux.defer(() -> {
            Progress progress = new Progress();
            progress.begins();

            return letters()
                    .deliveries()
                    .map(delivery -> new Step((HeldDelivery<Message>) delivery, Sinks.empty()))
                    .timeout(quiet(), step -> step.done().asMono().then(quiet()), Flux.empty())
                    .concatMap(
                            step -> paced(progress.moved.get() > 0)
                                    .then(one(step.delivery(), progress.run))
                                    .doOnTerminate(step.done()::tryEmitEmpty),
                            1)
                    .takeUntil(progress::isLast)
                    .doOnComplete(progress::completes)
                    .doOnError(progress::fails)
                    .doOnCancel(() -> progress.ends("it was cancelled", null));
        });
    }

    // While the broker is not heard nobody knows whether letters wait there.
    private Mono<Integer> quiet() {
        return Flux.interval(LOOK, time)
                .scan(0, (looks, tick) -> unheard.get().isZero() ? looks + 1 : 0)
                .filter(looks -> looks >= QUIET_LOOKS)
                .next();
    }

    private Mono<Void> paced(boolean waits) {
        return waits ? Mono.delay(interval, time).then() : Mono.empty();
    }

    private MessageConsumer<Message> letters() {
        return consumers
                .consumer(filter, groupOf(filter), BodyType.of(Message.class))
                .startFrom(StartPosition.EARLIEST)
                .concurrency(HELD_MAX + 1)
                .prefetch(0)
                .maxUnfinishedDeliveries(Integer.MAX_VALUE)
                .maxDeliveries(Integer.MAX_VALUE)
                .maxHold(LeasePolicy.UNLIMITED)
                .said(ConsumerSpec.Said.LITTLE);
    }

    /** Gives the group that remembers what was moved of the letters of a filter. */
    static String groupOf(String filter) {
        UUID name = UUID.nameUUIDFromBytes(filter.getBytes(StandardCharsets.UTF_8));
        return "redrive-" + name.toString().substring(0, 13);
    }

    private Mono<Redriven> one(HeldDelivery<Message> delivery, String run) {
        delivery.keep();
        Message message = delivery.message();
        DeadLetter letter = DeadLetter.of(message).orElse(null);
        if (letter == null) {
            return Mono.just(new Redriven(Redriven.Kind.REFUSED, message, null, ErrorCode.REFUSED));
        }
        if (letter.cameBackTo(run)) {
            return Mono.just(new Redriven(Redriven.Kind.LEFT, message, null, null));
        }

        MessageId id = idOf(delivery);
        return Mono.defer(() -> publisher.publish(letter.redriven(id, run)))
                .flatMap(receipt -> delivery.lease().ack())
                .map(answer -> new Redriven(Redriven.Kind.MOVED, message, id, unsure(answer)))
                .onErrorResume(error -> Mono.just(refusedOrMoved(delivery, id, error)));
    }

    // The letter that cannot be acked any more has been put back nevertheless.
    private static Redriven refusedOrMoved(HeldDelivery<Message> delivery, MessageId id, Throwable error) {
        ErrorCode code = MessagingException.codeOf(error);
        boolean moved = code.category() == ErrorCode.Category.LEASE;
        Redriven.Kind kind = moved ? Redriven.Kind.MOVED : Redriven.Kind.REFUSED;
        return new Redriven(kind, delivery.message(), moved ? id : null, code);
    }

    private static @Nullable ErrorCode unsure(SettleAnswer answer) {
        return answer == SettleAnswer.DONE ? null : ErrorCode.UNKNOWN;
    }

    private static MessageId idOf(HeldDelivery<Message> delivery) {
        String name = delivery.message().id().map(MessageId::value).orElse("") + '\n' + delivery.ref();
        return MessageId.of(DeadLetter.REDRIVEN_ID + UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)));
    }
}
