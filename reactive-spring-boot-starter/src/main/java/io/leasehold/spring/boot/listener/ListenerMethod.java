package io.leasehold.spring.boot.listener;

import io.leasehold.consume.Delivery;
import io.leasehold.consume.Handler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.util.ReflectionUtils;
import reactor.core.publisher.Mono;

/** A method of a bean, called for one delivery at a time per run. */
final class ListenerMethod {
    private final Object bean;
    private final Method method;
    private final Signature signature;

    /**
     * A method to be called.
     *
     * @param method as the bean has it, which may be a proxy
     */
    ListenerMethod(Object bean, Method method, Signature signature) {
        this.bean = bean;
        this.method = method;
        this.signature = signature;
        ReflectionUtils.makeAccessible(method);
    }

    /** The method as a handler. */
    <T> Handler<T> handler() {
        return switch (signature.returns()) {
            case REACTIVE -> this::subscribeLater;
            case STAGE -> this::completeLater;
            case BLOCKING -> Handler.blockingCall(this::callNow);
        };
    }

    private Publisher<?> subscribeLater(Delivery<?> delivery) {
        Object result = requireResult(call(delivery));
        ReactiveAdapter adapter =
                ReactiveAdapterRegistry.getSharedInstance().getAdapter(method.getReturnType(), result);
        if (adapter == null) {
            throw refused("the method returned a " + result.getClass().getName() + ", which is not reactive");
        }
        return adapter.toPublisher(result);
    }

    private Publisher<?> completeLater(Delivery<?> delivery) {
        Object result = requireResult(call(delivery));
        return result instanceof CompletableFuture<?> future
                ? Mono.fromFuture(future)
                : Mono.fromCompletionStage((CompletionStage<?>) result);
    }

    private @Nullable Object callNow(Delivery<?> delivery) {
        Object result = call(delivery);
        if (result != null && ReturnKind.isLater(result.getClass())) {
            throw refused("the method does not say that it returns a "
                    + result.getClass().getSimpleName() + ", which nobody would wait for");
        }
        return result;
    }

    private Object requireResult(@Nullable Object result) {
        if (result == null) {
            throw Signature.bad("the method returned null", signature.where(), "return Mono.empty() for nothing");
        }
        return result;
    }

    private RuntimeException refused(String what) {
        return Signature.bad(what, signature.where(), "declare Mono, Flux or CompletionStage as what it returns");
    }

    private @Nullable Object call(Delivery<?> delivery) {
        Object[] arguments = signature.arguments().stream()
                .map(argument -> argument.of(delivery))
                .toArray();
        try {
            return method.invoke(bean, arguments);
        } catch (InvocationTargetException thrown) {
            Throwable cause = thrown.getCause();
            throw ListenerMethod.<RuntimeException>asItIs(cause == null ? thrown : cause);
        } catch (IllegalAccessException closed) {
            throw new IllegalStateException(closed);
        }
    }

    // Checked exceptions, too, reach the outcome as they were thrown.
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E asItIs(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
