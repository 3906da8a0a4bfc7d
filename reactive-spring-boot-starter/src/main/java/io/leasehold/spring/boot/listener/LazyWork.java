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
 * Tells values from work that has yet to be begun or waited for, whatever library it comes from. A listener that
 * returned such work unseen would be acked without it.
 *
 * <p>What nobody knows by name is known by its looks: it has a method that suspends, or is generic or abstract and can
 * be subscribed to, or a lambda can be one. A type that says nothing of what is behind it, an interface or an abstract
 * class of a library, may be work, too.
 */
final class LazyWork {
    private static final Set<Class<?>> KNOWN = Set.of(Future.class, BaseStream.class, Iterator.class);
    private static final Set<String> KNOWN_BY_NAME =
            Set.of("kotlin.Lazy", "kotlin.Function", "kotlin.sequences.Sequence");
    private static final Set<String> LISTENING = Set.of("subscribe", "onComplete");

    // Looked at once per class: values of types that a method does not declare are looked at when they come.
    private static final ClassValue<Boolean> LOOKS = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return looksLikeWork(type);
        }
    };

    private LazyWork() {}

    /** Whether it is work that is understood: it can be subscribed to, or completes later. */
    static boolean isLater(Class<?> type) {
        return CompletionStage.class.isAssignableFrom(type)
                || ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) != null;
    }

    /** Whether it is work that is not understood. */
    static boolean is(Class<?> type) {
        return LOOKS.get(type);
    }

    /** Whether a value of this type may be work that is not understood. */
    static boolean mayBe(Class<?> type) {
        if (Disposition.class.isAssignableFrom(type) || type.isPrimitive() || type.isArray() || type.isEnum()) {
            return type.isArray() && mayBe(type.getComponentType());
        }
        boolean openEnded =
                Modifier.isAbstract(type.getModifiers()) && !type.getName().startsWith("java.");
        return openEnded || is(type);
    }

    private static boolean looksLikeWork(Class<?> type) {
        Set<Class<?>> supertypes = new HashSet<>();
        addWithSupertypes(type, supertypes);
        boolean generic = type.getTypeParameters().length > 0 || Modifier.isAbstract(type.getModifiers());
        return supertypes.stream().anyMatch(LazyWork::isKnown)
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
        return SuspendingCall.isMeant(method)
                || (generic && method.getParameterCount() > 0 && LISTENING.contains(method.getName()));
    }
}
