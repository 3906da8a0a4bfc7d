package io.leasehold.spring.boot.listener;

import java.lang.reflect.Method;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.scheduling.annotation.Async;

/** What a listener method returns, and so how it is called. */
enum ReturnKind {
    /** A reactive type: subscribed to. */
    REACTIVE,
    /** A stage that completes later. */
    STAGE,
    /** Nothing or a value: what was to be done is done when the method returns. */
    BLOCKING;

    /** Refuses what would ack a message before its work is done. */
    static ReturnKind of(Method method, Class<?> type, String where) {
        ResolvableType returned = ResolvableType.forMethodReturnType(method, type);
        Class<?> raw = returned.resolve(Object.class);
        if (isLater(raw)) {
            refuseNested(returned.getGeneric(0), where);
            return CompletionStage.class.isAssignableFrom(raw) ? STAGE : REACTIVE;
        }
        if (raw == Object.class) {
            String remedy = "declare Mono, Flux, CompletionStage, the type of a value, or void";
            throw Signature.bad("the method does not say what it returns", where, remedy);
        }
        if (Future.class.isAssignableFrom(raw)) {
            throw Signature.bad(
                    "the method returns a Future, of whose end nobody is told", where, "return a CompletableFuture");
        }
        if (AnnotatedElementUtils.hasAnnotation(method, Async.class)
                || AnnotatedElementUtils.hasAnnotation(type, Async.class)) {
            String remedy = "return a CompletableFuture, or drop @Async: the method may block";
            throw Signature.bad("the method is @Async and returns before its work is done", where, remedy);
        }
        return BLOCKING;
    }

    private static void refuseNested(ResolvableType element, String where) {
        Class<?> inner = element.resolve();
        if (inner != null && isLater(inner)) {
            String what = "the method returns a " + inner.getSimpleName() + " within another one, which nobody"
                    + " would subscribe to";
            throw Signature.bad(what, where, "use flatMap where you used map");
        }
    }

    /** Whether work may go on after a value of this type was returned. */
    static boolean isLater(Class<?> type) {
        return CompletionStage.class.isAssignableFrom(type)
                || ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) != null;
    }
}
