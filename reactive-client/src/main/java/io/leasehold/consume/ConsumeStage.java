package io.leasehold.consume;

import io.leasehold.pace.StageAnswer;

/**
 * A step that each run passes before its handler and after its end. Called on the user scheduler; must not block.
 * It has one {@code long} of its own per run, which it may keep in the view, and allocates nothing.
 */
public interface ConsumeStage {
    /**
     * Before the handler, at each try.
     *
     * @param now the ticker's nanoseconds
     * @return a {@link StageAnswer}
     */
    long enter(ConsumeView view, long now);

    /** After the end of the try, for each one that {@link #enter} let through. */
    void exit(ConsumeView view, Outcome.Kind outcome, long now);
}
