package io.leasehold.spring.boot.listener;

import java.lang.reflect.Method;
import java.util.Arrays;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/** Kotlin functions that suspend, as Java sees them: their last parameter is a continuation. */
final class SuspendingCall {
    private static final String CONTINUATION = "kotlin.coroutines.Continuation";
    private static final String BRIDGE = "kotlinx.coroutines.reactor.MonoKt";

    private static final boolean POSSIBLE = ClassUtils.isPresent(BRIDGE, SuspendingCall.class.getClassLoader());

    private SuspendingCall() {}

    /** Whether Kotlin's coroutines are on the class path, with their bridge to Reactor. */
    static boolean isPossible() {
        return POSSIBLE;
    }

    /** Whether a method is such a function. */
    static boolean isMeant(Method method) {
        int count = method.getParameterCount();
        return count > 0 && method.getParameterTypes()[count - 1].getName().equals(CONTINUATION);
    }

    /** The continuation, whose type argument is what a call comes to. */
    static ResolvableType continuationOf(Method method, Class<?> type) {
        return ResolvableType.forMethodParameter(method, method.getParameterCount() - 1, type);
    }

    /** The arguments, and room for the continuation behind them. */
    static Object[] withRoom(Object[] arguments) {
        return Arrays.copyOf(arguments, arguments.length + 1);
    }

    static void requireCoroutines(String where) {
        if (!POSSIBLE) {
            throw Signature.bad(
                    "the method suspends, and nothing on the class path starts coroutines for Reactor",
                    where,
                    "add org.jetbrains.kotlinx:kotlinx-coroutines-reactor, or return a Mono");
        }
    }
}
