package io.leasehold.consume;

import io.leasehold.api.CheckReturnValue;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * Steers what a client consumes of one group, whichever consumer it was described by. The control may be kept: each
 * call looks for what is subscribed at the instant of its own subscription. All are lazy and repeatable, may be called
 * anywhere, also in a handler, and never block; they are signalled on the cancel executor, so that what stands behind
 * them holds up no delivery.
 *
 * <p>For a name of which this client never made a consumer every call errors with {@code NOT_CONSUMED}, which lists
 * names that it knows (ten of the last 10,000). For a group that is known and of which nothing is subscribed all do so
 * but {@link #drain}, which completes: nothing of the group runs, and that is what a drain is for. After the client was
 * closed every call errors with {@code CLOSED}.
 */
@CheckReturnValue
public final class GroupControl {
    private final Consumers consumers;
    private final String group;

    GroupControl(Consumers consumers, String group) {
        this.consumers = consumers;
        this.group = group;
    }

    /** Returns the name of the group. */
    public String name() {
        return group;
    }

    /**
     * Takes no more and gives back what waits; runs go on. Completes when no run begins any more until {@link #resume};
     * changes nothing where it is paused or drained already.
     */
    public Mono<Void> pause() {
        return consumers.steered(group, Consumption::pause).then();
    }

    /** Takes messages again after a {@link #pause}; changes nothing where it is not paused. */
    public Mono<Void> resume() {
        return consumers.steered(group, Consumption::resume).then();
    }

    /**
     * Takes no more, gives back what waits, lets runs finish and completes the active subscription; at the limit the
     * rest is cancelled and released. Completes when that is done and the subscriber was signalled all outcomes and the
     * end, for which it is given a second. Repeatable: completes at once when nothing of the group is subscribed, such
     * as after a drain or after the subscription has ended by itself. Errors with {@code NOT_CONSUMED} for a name of
     * which this client never made a consumer.
     *
     * @param limit how long runs may still take; zero or less cancels them at once
     */
    public Mono<Void> drain(Duration limit) {
        return consumers.drain(group, limit);
    }

    /**
     * Has other settings hold for what begins from now on; running work is not disturbed. Which settings a consumer
     * has, {@link MessageConsumer#settings()} says.
     *
     * @param settings all of them, also those that stay as they are
     * @return true when they hold; false when they are equal to those in force, and nothing was done. Errors with
     *     {@code SETTING_FIXED} for another lease time, which the group has at the broker, and with {@code TOPIC_LOOP}
     *     for a dead-letter topic that the group consumes itself; what is refused changes nothing
     */
    public Mono<Boolean> apply(ConsumeSettings settings) {
        return consumers.steered(group, consumption -> consumption.apply(settings));
    }

    /**
     * Waits until the active subscription has found or made at the broker what it needs, so that messages may come.
     * Errors with what ended it before that. Changes nothing.
     */
    public Mono<Void> begun() {
        return consumers.begun(group);
    }

    /** Counts what is held of the group, also what a subscription that has ended still holds. Changes nothing. */
    public Mono<GroupCounts> snapshot() {
        return consumers.counts(group);
    }

    @Override
    public String toString() {
        return "GroupControl[" + group + "]";
    }
}
