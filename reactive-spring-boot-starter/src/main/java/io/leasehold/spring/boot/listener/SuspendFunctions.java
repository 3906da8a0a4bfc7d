package io.leasehold.spring.boot.listener;

import java.lang.reflect.Method;
import java.util.Arrays;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/** Kotlin functions that suspend, as Java sees them: their last parameter is a continuation. */
final class SuspendFunctions {
    private static final String CONTINUATION = "kotlin.coroutines.Continuation";
    private static final String BRIDGE = "kotlinx.coroutines.reactor.MonoKt";

    private static final boolean AVAILABLE = ClassUtils.isPresent(BRIDGE, SuspendFunctions.class.getClassLoader());

    private SuspendFunctions() {}

    /** Tells whether Kotlin's coroutines are on the class path, with their bridge to Reactor. */
    static boolean isAvailable() {
        return AVAILABLE;
    }

    /** Tells whether a method is such a function. */
    static boolean isSuspending(Method method) {
        int count = method.getParameterCount();
        return count > 0 && method.getParameterTypes()[count - 1].getName().equals(CONTINUATION);
    }

    /** Returns the type of the continuation, whose type argument is that of the result. */
    static ResolvableType continuationOf(Method method, Class<?> type) {
        return ResolvableType.forMethodParameter(method, method.getParameterCount() - 1, type);
    }

    /** Returns the arguments with a free place for the continuation behind them. */
    static Object[] withContinuationSlot(Object[] arguments) {
        return Arrays.copyOf(arguments, arguments.length + 1);
    }

    static void requireCoroutines(String where) {
        if (!AVAILABLE) {
            throw Signature.bad(
                    "the method suspends, and nothing on the class path starts coroutines for Reactor",
                    where,
                    "add org.jetbrains.kotlinx:kotlinx-coroutines-reactor, or return a Mono");
        }
    }
}
