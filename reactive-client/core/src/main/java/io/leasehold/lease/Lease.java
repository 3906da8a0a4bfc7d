package io.leasehold.lease;

import io.leasehold.api.CheckReturnValue;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The right to work on one delivery, for a limited time. While work goes on under it, it is extended; when it is
 * lost, the work is cancelled and nothing that is asked of this handle reaches the broker any more.
 *
 * <p>Every operation is lazy: it happens when its Mono is subscribed. Settling is idempotent: the same settlement
 * again replays its answer and writes nothing; a different one is refused with {@code ALREADY_SETTLED}; after a
 * loss each is refused with {@code LEASE_LOST}, as a {@link LeaseLostException}. Answers are signalled on the user
 * scheduler.
 */
@CheckReturnValue
public interface Lease {
    /** Tells whether the lease is held now. Reads the clock: false from the work deadline on, whatever timers do. */
    boolean isHeld();

    /** Completes when the lease is held at the instant of subscription, else errors with {@code LEASE_LOST}. */
    Mono<Void> check();

    /** Gives the time left to the work deadline; zero when the deadline has passed or the lease has ended. */
    Duration remaining();

    /** Gives the token of this delivery, when the broker has such tokens. */
    Optional<FencingToken> fencingToken();

    /** Counts how often the message was handed out, this time included; 0 when the broker does not know. */
    int deliveryCount();

    /**
     * Gives the reason as soon as the lease is lost; completes empty when the lease was settled instead. Both are
     * signalled on the cancel executor, also when the lease has ended before the subscription.
     */
    Mono<LeaseLoss> lost();

    /** Settles the message as done. The work is not cancelled by that. */
    Mono<SettleAnswer> ack();

    /** Gives the message back for delivery after the shortest safe delay. Work that goes on is cancelled. */
    Mono<SettleAnswer> nak();

    /**
     * Gives the message back for delivery after a delay, at least 2J within a run. Work that goes on is cancelled.
     * Refused with {@code NAK_TOO_LATE} when it could free somebody else's lease.
     */
    Mono<SettleAnswer> nak(Duration delay);

    /** Settles the message as never to be delivered again, with a reason. The work is not cancelled by that. */
    Mono<SettleAnswer> terminate(String reason);

    /**
     * Extends the lease now; gives the time that is left then. Errors with {@code LEASE_LOST}, {@code
     * TOUCH_UNANSWERED}, or {@code UNSUPPORTED} where the broker extends no lease.
     */
    Mono<Duration> touch();

    /** Tells that the work goes on; what {@link TouchMode#PROGRESS} waits for. */
    void progress();

    /**
     * Takes a resource that must not outlive the run. The acquisition is cancelled when the lease is lost; the
     * resource is released when the run ends, or at once when the lease was lost meanwhile, and refuses use after a
     * loss.
     *
     * @param acquire subscribed once, under the lease
     * @param release how to give the resource back; its errors are reported and dropped. One that has not ended within
     *     two lease times, or 60 s where those are less, is cancelled and told with {@code RELEASE_UNFINISHED}: the run
     *     ends without it
     */
    <R> Mono<BoundResource<R>> bind(Mono<R> acquire, Function<? super R, ? extends Publisher<?>> release);

    /** Makes the publisher a part of the run: cancelled when the lease is lost, waited for at the end of the run. */
    <T> Flux<T> track(Publisher<T> publisher);
}
