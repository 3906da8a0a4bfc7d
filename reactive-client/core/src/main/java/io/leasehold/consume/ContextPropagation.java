package io.leasehold.consume;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Calls user code with the thread locals that belong to its Reactor context: the present observation, and so what logs
 * say of the trace. Reactor sets them where the library for it ({@code io.micrometer:context-propagation}) is there:
 * around {@code handle(..)}, or, with automatic context propagation, below {@code contextWrite(..)}.
 */
final class ContextPropagation {
    // What operators of the consuming stream keep in its context for themselves stays outside: with onErrorContinue
    // behind a consumer, operators within a handler would drop their errors, and a message that has failed would count
    // as done. Reactor gives these names to strategies and hooks of one subscription, and has no constants for them.
    private static final List<String> OF_THE_STREAM = List.of(
            "reactor.onNextError.localStrategy",
            "reactor.onErrorDropped.local",
            "reactor.onNextDropped.local",
            "reactor.onOperatorError.local",
            "reactor.onDiscard.local",
            "reactor.onRejectedExecution.local");

    private @Nullable Object result;
    private @Nullable Throwable thrown;

    private ContextPropagation() {}

    /** Gives the context of whoever consumes as work sees it: without what is meant for the operators of its stream. */
    static Context forWork(Context stream) {
        Context work = stream;
        for (String key : OF_THE_STREAM) {
            if (work.hasKey(key)) {
                work = work.delete(key);
            }
        }
        return work;
    }

    /**
     * Returns what a function of the user's returns for what it is given; with automatic context propagation the
     * function is called when that is subscribed, so that it has the thread locals of the subscriber's context, as all
     * operators have then.
     *
     * @param name the consumer, for the error when it returns null
     */
    static <G> Publisher<?> publisher(
            Function<? super G, ? extends @Nullable Publisher<?>> function, G given, String name) {
        return Hooks.isAutomaticContextPropagationEnabled()
                ? Flux.defer(() -> required(function.apply(given), name)).contextWrite(same -> same)
                : required(function.apply(given), name);
    }

    private static Publisher<?> required(@Nullable Publisher<?> publisher, String name) {
        if (publisher == null) {
            throw Execution.noPublisher(name);
        }
        return publisher;
    }

    /** Makes a call that blocks, on the thread of the caller. */
    static @Nullable Object call(ContextView context, Callable<? extends @Nullable Object> work) throws Throwable {
        ContextPropagation call = new ContextPropagation();
        Mono.just(work)
                .handle((function, nothing) -> call.make(function))
                .contextWrite(context)
                .subscribe(nothing -> {}, call::failed);
        if (call.thrown != null) {
            throw call.thrown;
        }

        return call.result;
    }

    // A thread local that cannot be set or restored: nobody works without what belongs to the message.
    private void failed(Throwable error) {
        thrown = error;
    }

    // What is thrown is kept from the operators, which have ideas of their own about errors.
    private void make(Callable<? extends @Nullable Object> work) {
        try {
            result = work.call();
        } catch (Throwable error) {
            thrown = error;
        }
    }
}
