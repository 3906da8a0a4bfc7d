package io.leasehold.spring.boot.listener;

import io.leasehold.consume.Disposition;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ReactiveAdapterRegistry;

/**
 * Tells types of values from types of asynchronous work, which has yet to be started or waited for, whatever library it
 * comes from. A message whose listener returned such work unseen would be acked without it.
 *
 * <p>A type that is not known by name is judged by its methods: it has one that suspends, or is generic or abstract and
 * can be subscribed to, or a lambda can be one. An interface or an abstract class of a library, which says nothing of
 * what is behind it, may be asynchronous, too.
 */
final class AsyncTypes {
    private static final Set<Class<?>> KNOWN = Set.of(Future.class, BaseStream.class, Iterator.class);
    private static final Set<String> KNOWN_BY_NAME =
            Set.of("kotlin.Lazy", "kotlin.Function", "kotlin.sequences.Sequence");
    private static final Set<String> LISTENING = Set.of("subscribe", "onComplete");

    // Looked at once per class: values of types that a method does not declare are looked at when they come.
    private static final ClassValue<Boolean> UNSUPPORTED = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return looksLikeWork(type);
        }
    };

    private AsyncTypes() {}

    /** Tells whether a type is asynchronous and understood: it can be subscribed to, or completes later. */
    static boolean isSupported(Class<?> type) {
        return CompletionStage.class.isAssignableFrom(type)
                || ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) != null;
    }

    /** Tells whether a type is asynchronous and not understood. */
    static boolean isUnsupported(Class<?> type) {
        return UNSUPPORTED.get(type);
    }

    /** Tells whether a value of this type may be asynchronous and not understood. */
    static boolean mayBeUnsupported(Class<?> type) {
        if (Disposition.class.isAssignableFrom(type) || type.isPrimitive() || type.isArray() || type.isEnum()) {
            return type.isArray() && mayBeUnsupported(type.getComponentType());
        }
        boolean openEnded =
                Modifier.isAbstract(type.getModifiers()) && !type.getName().startsWith("java.");
        return openEnded || isUnsupported(type);
    }

    private static boolean looksLikeWork(Class<?> type) {
        Set<Class<?>> supertypes = new HashSet<>();
        addWithSupertypes(type, supertypes);
        boolean generic = type.getTypeParameters().length > 0 || Modifier.isAbstract(type.getModifiers());
        return supertypes.stream().anyMatch(AsyncTypes::isKnown)
                || Arrays.stream(type.getMethods()).anyMatch(method -> begins(method, generic));
    }

    private static void addWithSupertypes(@Nullable Class<?> type, Set<Class<?>> to) {
        if (type != null && to.add(type)) {
            addWithSupertypes(type.getSuperclass(), to);
            for (Class<?> one : type.getInterfaces()) {
                addWithSupertypes(one, to);
            }
        }
    }

    private static boolean isKnown(Class<?> type) {
        return KNOWN.contains(type)
                || KNOWN_BY_NAME.contains(type.getName())
                || type.isAnnotationPresent(FunctionalInterface.class);
    }

    private static boolean begins(Method method, boolean generic) {
        return SuspendFunctions.isSuspending(method)
                || (generic && method.getParameterCount() > 0 && LISTENING.contains(method.getName()));
    }
}
