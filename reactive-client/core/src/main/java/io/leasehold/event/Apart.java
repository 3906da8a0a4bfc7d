package io.leasehold.event;

import io.leasehold.api.Internal;
import io.leasehold.pace.FatalErrors;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Does things at once on a thread that somebody else has lent, which holds nothing of its own meanwhile. What is
 * registered there is code of others: when it throws that is told, and nothing ends for it.
 */
@Internal
public final class Apart implements Executor {
    private final CallerContext callers;
    private final Recorder recorder;

    private Apart(CallerContext callers, Recorder recorder) {
        this.callers = callers;
        this.recorder = recorder;
    }

    /** Apart from what callers hold; null where they hold nothing that is to be hidden. */
    public static @Nullable Apart from(CallerContext callers, Recorder recorder) {
        return callers == CallerContext.NONE ? null : new Apart(callers, recorder);
    }

    /** Has the calling thread hold nothing until it is closed; neither throws. */
    public CallerContext.Scope enter() {
        try {
            CallerContext.Scope scope = callers.enter(null);
            return scope == CallerContext.Scope.UNCHANGED ? scope : () -> closed(scope);
        } catch (Throwable broken) {
            told(broken);
            return CallerContext.Scope.UNCHANGED;
        }
    }

    private void closed(CallerContext.Scope scope) {
        try {
            scope.close();
        } catch (Throwable broken) {
            told(broken);
        }
    }

    private void told(Throwable broken) {
        recorder.fault(broken);
        FatalErrors.handOn(broken);
    }

    @Override
    @SuppressWarnings("try") // a scope is there to be closed
    public void execute(Runnable work) {
        try (CallerContext.Scope scope = enter()) {
            work.run();
        }
    }
}
