package io.leasehold.resilience;

import io.leasehold.pace.StageAnswer;
import io.leasehold.pace.StageState;
import org.jspecify.annotations.Nullable;

/** What publishing and consuming ask alike. Must not park the thread that asks. */
interface Gate {
    /** Returns the answer to a message that wants to pass. */
    StageAnswer enter(StageState kept, long now);

    /** What had passed has ended, well or with an error. */
    void ended(StageState kept, long now, @Nullable Throwable error);

    /** What had passed, or still waited, has ended in a way that says nothing: it is as if it had not passed. */
    void undone(StageState kept);
}
