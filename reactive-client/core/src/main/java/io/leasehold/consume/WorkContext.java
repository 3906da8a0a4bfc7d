package io.leasehold.consume;

import java.util.List;
import reactor.util.context.Context;

/**
 * The Reactor context of whoever consumes, as work sees it. What operators of that stream keep there for themselves
 * stays outside: with {@code onErrorContinue} behind a consumer, operators within a handler would drop their errors,
 * and a message that has failed would count as done.
 */
final class WorkContext {
    // The names that Reactor gives to strategies and hooks of one subscription; it has no constants for them to use.
    private static final List<String> OF_THE_STREAM = List.of(
            "reactor.onNextError.localStrategy",
            "reactor.onErrorDropped.local",
            "reactor.onNextDropped.local",
            "reactor.onOperatorError.local",
            "reactor.onDiscard.local",
            "reactor.onRejectedExecution.local");

    private WorkContext() {}

    /** The context without what is meant for the operators of its stream. */
    static Context of(Context stream) {
        Context work = stream;
        for (String key : OF_THE_STREAM) {
            if (work.hasKey(key)) {
                work = work.delete(key);
            }
        }
        return work;
    }
}
