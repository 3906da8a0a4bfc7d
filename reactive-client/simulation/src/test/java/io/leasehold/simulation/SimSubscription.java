package io.leasehold.simulation;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * One subscription to a consumer, from its start to its end.
 *
 * @param <E> what it emits: outcomes or deliveries
 */
abstract class SimSubscription<E> implements CoreSubscriber<E> {
    private final SimClient client;
    private final int batch;
    private @Nullable Subscription subscription;
    private long requested;
    private long started;
    private boolean draining;
    private boolean paused;
    private int stops;
    private boolean cancelled;
    private boolean over;

    SimSubscription(SimClient client) {
        this.client = client;
        this.batch = client.plan().consumer().demand();
    }

    /** Takes an element. */
    abstract void take(E element);

    SimClient client() {
        return client;
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription = given;
        request(batch == 0 || client.cluster().isHealed() ? Long.MAX_VALUE : batch);
    }

    private void request(long n) {
        requested = Operators.addCap(requested, n);
        if (subscription != null && !over && !cancelled) {
            subscription.request(n);
        }
    }

    /** Asks for more, sooner or later. */
    final void askForMore() {
        if (batch > 0 && requested != Long.MAX_VALUE) {
            boolean now = client.cluster().isHealed() || client.world().random().nextBoolean();
            long delay = now ? 1 : client.world().random().nextLong(client.leaseNanos());
            client.userLane().after(delay, () -> request(1));
        }
    }

    /** Asks for everything. */
    final void askForAll() {
        request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(E element) {
        if (over || cancelled) {
            client.world().violate("P7", "an element after the end at " + client.name());
        }
        take(element);
    }

    @Override
    public void onError(Throwable error) {
        ErrorCode code = MessagingException.codeOf(error);
        if (code != ErrorCode.GROUP_GONE) {
            client.world().violate("P7", "the consumer of " + client.name() + " failed: " + error);
        }
        end();
    }

    @Override
    public void onComplete() {
        if (!draining && !cancelled && !client.isStopping() && !mayEndByItself()) {
            client.world().violate("P7", "the consumer of " + client.name() + " ended by itself");
        }
        end();
    }

    /** Whether its pipeline ends its source at some time. */
    final boolean mayEndByItself() {
        return client.plan().extras().sourceEnds()
                && client.plan().consumer().style() == ConsumerPlan.Style.PIPES_THROUGH;
    }

    private void end() {
        client.trace("consumer has ended");
        if (over) {
            client.world().violate("P7", "the consumer of " + client.name() + " ended twice");
        }
        over = true;
        client.consumingEnded(this);
    }

    /** Its subscriber goes away. */
    final void cancel() {
        cancelled = true;
        if (subscription != null) {
            subscription.cancel();
        }
    }

    /** Nothing is to be started any more. */
    final void draining() {
        draining = true;
        stops++;
    }

    /** Nothing is to be started until it is resumed. */
    final void pausing(boolean pauses) {
        paused = pauses;
        stops++;
    }

    /** Whether it is to take nothing now. */
    final boolean isStopped() {
        return paused || draining;
    }

    /** How often that has changed. */
    final int stops() {
        return stops;
    }

    final boolean isDraining() {
        return draining || cancelled;
    }

    /** Whether its runs may be cancelled because it ends. */
    final boolean isEnding() {
        return draining || cancelled || over;
    }

    final boolean isOver() {
        return over || cancelled;
    }

    final boolean isCancelled() {
        return cancelled;
    }

    final long requested() {
        return requested;
    }

    final long started() {
        return started;
    }

    final void countStart() {
        if (client.plan().consumer().startsRuns()) {
            started++;
        }
    }
}
