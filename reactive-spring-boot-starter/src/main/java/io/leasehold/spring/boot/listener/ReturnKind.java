package io.leasehold.spring.boot.listener;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.scheduling.annotation.Async;

/** What a listener method returns, and so how it is called. */
enum ReturnKind {
    /** A reactive type: subscribed to. */
    REACTIVE,
    /** A stage that completes later. */
    STAGE,
    /** A Kotlin function that suspends: a coroutine is started for it, and cancelled with the run. */
    SUSPENDING,
    /** Nothing or a value: what was to be done is done when the method returns. */
    BLOCKING;

    /** Refuses what would ack a message before its work is done. */
    static ReturnKind of(Method method, Class<?> type, String where) {
        if (SuspendFunctions.isSuspending(method)) {
            SuspendFunctions.requireCoroutines(where);
            ResolvableType continuation = SuspendFunctions.continuationOf(method, type);
            ResolvableType result = continuation.getGeneric(0);
            // What can be subscribed to is, when the function has returned it.
            refuseWorkWithin(AsyncTypes.isSupported(result.resolve(Object.class)) ? result : continuation, where);
            return SUSPENDING;
        }

        ResolvableType returned = ResolvableType.forMethodReturnType(method, type);
        Class<?> raw = returned.resolve(Object.class);
        if (AsyncTypes.isSupported(raw)) {
            refuseWorkWithin(returned, where);
            return CompletionStage.class.isAssignableFrom(raw) ? STAGE : REACTIVE;
        }
        refuseWork(returned, raw, where);
        if (AnnotatedElementUtils.hasAnnotation(method, Async.class)
                || AnnotatedElementUtils.hasAnnotation(type, Async.class)) {
            String remedy = "return a CompletableFuture, or drop @Async: the method may block";
            throw Signature.bad("the method is @Async and returns before its work is done", where, remedy);
        }

        return BLOCKING;
    }

    /** Tells whether the type of the values is known that the method gives later. */
    static boolean elementTypeKnown(Method method, Class<?> type) {
        ResolvableType returned = ResolvableType.forMethodReturnType(method, type);
        return Arrays.stream(returned.getGenerics())
                .map(one -> one.resolve(Object.class))
                .noneMatch(Object.class::equals);
    }

    private static void refuseWork(ResolvableType returned, Class<?> raw, String where) {
        if (raw == Object.class) {
            String remedy = "declare Mono, Flux, CompletionStage, the type of a value, or void";
            throw Signature.bad("the method does not say what it returns", where, remedy);
        }
        if (Future.class.isAssignableFrom(raw)) {
            throw Signature.bad(
                    "the method returns a Future, of whose end nobody is told", where, "return a CompletableFuture");
        }

        if (AsyncTypes.mayBeUnsupported(raw)) {
            throw Signature.bad(
                    "the method returns a " + raw.getSimpleName()
                            + ", which may be work that nobody would begin or wait for",
                    where,
                    "return void where the work is done when the method returns, since a value is dropped; else a Mono,"
                            + " a Flux or a CompletionStage. Kotlin's Flow and Deferred are understood where"
                            + " kotlinx-coroutines-reactor is on the class path");
        }
        refuseWorkWithin(returned, where);
    }

    /** Refuses asynchronous work within other work, or within a collection: nobody subscribes to it. */
    private static void refuseWorkWithin(ResolvableType outer, String where) {
        for (ResolvableType element : outer.getGenerics()) {
            Class<?> inner = element.resolve();
            if (inner != null && (AsyncTypes.isSupported(inner) || AsyncTypes.isUnsupported(inner))) {
                String what = "the method returns a " + inner.getSimpleName() + " within another one, which nobody"
                        + " would subscribe to";
                throw Signature.bad(what, where, "use flatMap where you used map");
            }
            refuseWorkWithin(element, where);
        }
    }
}
