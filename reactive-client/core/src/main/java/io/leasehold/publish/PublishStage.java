package io.leasehold.publish;

import io.leasehold.pace.StageAnswer;
import reactor.util.context.Context;

/**
 * Lets a message pass, delays or refuses it: a step on the way of every message, which is a pair of calls with one long
 * of state per message ({@link PublishView#state()}), no operator and no allocation. Stages are asked in their order,
 * one message at a time, after a message got its turn within its key and before it takes a slot of the window;
 * repetitions of a writing do not ask again.
 *
 * <p>Called on any thread, one at a time per client: that of a caller, also of another one, of an answer, of a timer.
 * What a stage may know of its own caller is the Reactor context of the subscriber and what {@link #capture} put into
 * it. The log context (MDC), and with {@code io.micrometer:context-propagation} all thread locals that are registered
 * there, are those that the subscribing thread had, whichever thread it is; other thread locals tell nothing.
 *
 * <p>Must not block and must not throw: what it throws is reported, and the message is refused with {@code
 * STAGE_REFUSED}.
 */
public interface PublishStage {
    /**
     * Takes what only the thread of a subscriber knows into its context: called there, once for each subscription to a
     * publish, before any message of it enters.
     *
     * @param given the Reactor context of the subscriber, with what earlier stages took into it
     * @return what {@link PublishView#context()} is to be
     */
    default Context capture(Context given) {
        return given;
    }

    /**
     * Asks whether a message may go on.
     *
     * @param now the client's clock in nanoseconds; only differences mean anything
     * @return {@link StageAnswer#PROCEED}, a refusal, or a delay, after which this stage is asked again, with the
     *     state it left, unless the message ended meanwhile; null counts as a throw
     */
    StageAnswer enter(PublishView view, long now);

    /**
     * Tells the end of a message that this stage did not refuse; called once for each.
     *
     * @param outcome how it ended
     * @param now the client's clock in nanoseconds
     */
    void exit(PublishView view, PublishOutcome outcome, long now);
}
