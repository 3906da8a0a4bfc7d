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
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A method of a bean, called for one delivery at a time per run. */
final class ListenerMethod {
    private final Object bean;
    private final Method method;
    private final Signature signature;

    /**
     * Makes a method that can be called.
     *
     * @param method as the bean has it, which may be a proxy
     */
    ListenerMethod(Object bean, Method method, Signature signature) {
        this.bean = bean;
        this.method = method;
        this.signature = signature;
        ReflectionUtils.makeAccessible(method);
    }

    /** Returns the method as a handler. */
    <T> Handler<T> handler() {
        return switch (signature.returns()) {
            case REACTIVE -> this::subscribeLater;
            case STAGE -> this::completeLater;
            case SUSPENDING -> this::suspend;
            case BLOCKING -> Handler.blockingCall(this::callNow);
        };
    }

    private Publisher<?> subscribeLater(Delivery<?> delivery) {
        Object result = requireResult(call(delivery));
        Publisher<?> publisher = publisherOf(result);
        if (publisher == null) {
            throw refused("the method returned a " + result.getClass().getName() + ", which is not reactive");
        }
        return valuesOf(publisher);
    }

    private static @Nullable Publisher<?> publisherOf(Object result) {
        if (SuspendFunctions.isAvailable() && Coroutines.isDeferred(result)) {
            return Coroutines.await(result);
        }
        ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(null, result);
        return adapter == null ? null : adapter.toPublisher(result);
    }

    // Where the method does not say of what, nobody has looked at the start whether that is work within work.
    private Publisher<?> valuesOf(Publisher<?> result) {
        if (signature.elementTypeKnown()) {
            return result;
        }
        return result instanceof Mono<?> one
                ? one.doOnNext(this::requireValue)
                : Flux.from(result).doOnNext(this::requireValue);
    }

    private void requireValue(Object value) {
        if (AsyncTypes.isSupported(value.getClass()) || AsyncTypes.isUnsupported(value.getClass())) {
            throw refused("the method emitted a " + value.getClass().getSimpleName()
                    + ", which nobody would subscribe to; use flatMap where you used map");
        }
    }

    // What it returns may be a Flow or another reactive type, too.
    private Publisher<?> suspend(Delivery<?> delivery) {
        Object[] arguments = SuspendFunctions.withContinuationSlot(argumentsOf(delivery));
        Mono<?> result = Coroutines.mono(continuation -> {
            arguments[arguments.length - 1] = continuation;
            return invoke(arguments);
        });
        return result.flatMapMany(value -> {
            Publisher<?> publisher = publisherOf(value);
            if (publisher == null) {
                requireValue(value);
                return Mono.just(value);
            }
            return valuesOf(publisher);
        });
    }

    private Publisher<?> completeLater(Delivery<?> delivery) {
        Object result = requireResult(call(delivery));
        return valuesOf(
                result instanceof CompletableFuture<?> future
                        ? Mono.fromFuture(future)
                        : Mono.fromCompletionStage((CompletionStage<?>) result));
    }

    private @Nullable Object callNow(Delivery<?> delivery) {
        Object result = call(delivery);
        if (result != null
                && (AsyncTypes.isSupported(result.getClass()) || AsyncTypes.isUnsupported(result.getClass()))) {
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
        return invoke(argumentsOf(delivery));
    }

    private @Nullable Object[] argumentsOf(Delivery<?> delivery) {
        return signature.arguments().stream()
                .map(argument -> argument.of(delivery))
                .toArray();
    }

    private @Nullable Object invoke(@Nullable Object... arguments) {
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
