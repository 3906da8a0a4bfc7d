package io.leasehold.consume;

import io.leasehold.pace.StageAnswer;
import reactor.util.context.Context;

/**
 * A step that each run passes before its handler and after its end. Must not block. It has one {@code long} of its
 * own per run, which it may keep in the view, so that it need not allocate anything. What it may know of a message is
 * in the view: thread locals are those of whichever thread calls it.
 */
public interface ConsumeStage {
    /**
     * Before the handler is called for the first time, on the user scheduler; further tries do not ask again.
     *
     * @param now the ticker's nanoseconds
     * @return {@link StageAnswer#PROCEED}, a refusal, or a delay, after which this stage is asked again, with the
     *     state it left, unless the delivery ended meanwhile. A refused message is given back, to be delivered again
     *     after the consumer's backoff; null counts as a throw
     */
    StageAnswer enter(ConsumeView view, long now);

    /**
     * What the work sees in its Reactor context: what is given, or more. Called once, when all stages have let the
     * run through; when one throws, the work is not begun and the message is given back, as if the stage had refused
     * it. Work on several deliveries at once has a context for none of them, and sees nothing of it.
     */
    default Context context(ConsumeView view, Context given) {
        return given;
    }

    /**
     * After the end of the run, exactly once for each one that {@link #enter} let proceed. On any thread. {@link
     * Outcome.Kind#UNKNOWN} is not told here: whether the broker answers is seen later.
     */
    void exit(ConsumeView view, Outcome.Kind outcome, long now);
}
