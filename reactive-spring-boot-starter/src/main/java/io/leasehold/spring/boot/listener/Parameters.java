package io.leasehold.spring.boot.listener;

import io.leasehold.consume.Delivery;
import io.leasehold.lease.Lease;
import io.leasehold.message.BodyType;
import io.leasehold.message.Headers;
import io.leasehold.message.Message;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.SynthesizingMethodParameter;

/** Reads the parameters of one listener method, from left to right. */
final class Parameters {
    private final Class<?> type;
    private final String where;
    private final List<Argument> arguments = new ArrayList<>();
    private @Nullable BodyType<?> body;
    private @Nullable BodyType<?> delivered;
    private boolean bodyNullable;
    private boolean deliveredNullable;

    private Parameters(Class<?> type, String where) {
        this.type = type;
        this.where = where;
    }

    static Parameters of(Method method, Class<?> type, String where) {
        Parameters parameters = new Parameters(type, where);
        int count = method.getParameterCount() - (SuspendFunctions.isSuspending(method) ? 1 : 0);
        for (int i = 0; i < count; i++) {
            parameters.add(new SynthesizingMethodParameter(method, i));
        }
        parameters.requireOneBody();
        return parameters;
    }

    List<Argument> arguments() {
        return List.copyOf(arguments);
    }

    /** Returns what messages are decoded to: nothing but themselves, when no parameter wants a body. */
    BodyType<?> body() {
        BodyType<?> wanted = body == null ? delivered : body;
        if (wanted == null) {
            return BodyType.of(Message.class);
        }
        return (body == null ? deliveredNullable : bodyNullable) ? wanted.orNull() : wanted;
    }

    private void add(MethodParameter parameter) {
        ResolvableType wanted = ResolvableType.forMethodParameter(parameter, ResolvableType.forClass(type));
        Class<?> raw = wanted.resolve();
        LeaseHeader header = parameter.getParameterAnnotation(LeaseHeader.class);
        if (header != null) {
            arguments.add(HeaderArgument.of(header.value(), parameter, wanted, where));
        } else if (raw == Delivery.class) {
            delivered(wanted.getGeneric(0), parameter);
            arguments.add(delivery -> delivery);
        } else if (raw == Lease.class) {
            arguments.add(Delivery::lease);
        } else if (raw == Message.class) {
            arguments.add(Delivery::message);
        } else if (raw == Headers.class) {
            arguments.add(Delivery::headers);
        } else {
            body(wanted, parameter);
            arguments.add(Delivery::body);
        }
    }

    private void delivered(ResolvableType element, MethodParameter parameter) {
        if (element.resolve() != null) {
            delivered = BodyTypes.of(element, where);
            deliveredNullable = saysNullable(parameter);
        }
    }

    /** Tells whether the type argument of a delivery is annotated as nullable, by whichever annotation of that name. */
    private static boolean saysNullable(MethodParameter parameter) {
        AnnotatedType type = parameter.getExecutable().getAnnotatedParameterTypes()[parameter.getParameterIndex()];
        return type instanceof AnnotatedParameterizedType generic
                && Arrays.stream(generic.getAnnotatedActualTypeArguments()[0].getAnnotations())
                        .anyMatch(one -> one.annotationType().getSimpleName().equals("Nullable"));
    }

    private void body(ResolvableType wanted, MethodParameter parameter) {
        BodyType<?> type = BodyTypes.of(wanted, where);
        if (body != null) {
            throw Signature.bad(
                    "parameter " + (parameter.getParameterIndex() + 1) + " (" + type + ") would be a second body after "
                            + body,
                    where,
                    "keep one body, and mark headers with @LeaseHeader");
        }

        body = type;
        bodyNullable = parameter.isOptional();
    }

    private void requireOneBody() {
        if (body != null && delivered != null && !body.equals(delivered)) {
            throw Signature.bad(
                    "it wants a body as " + body + " and a delivery of " + delivered,
                    where,
                    "use the same type in both");
        }
    }
}
