package io.leasehold.spring.boot.listener;

import io.leasehold.consume.Delivery;
import io.leasehold.lease.Lease;
import io.leasehold.message.Headers;
import io.leasehold.message.Message;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.SynthesizingMethodParameter;
import org.springframework.util.ClassUtils;

/** Reads the parameters of one listener method, from left to right. */
final class Parameters {
    private final Class<?> type;
    private final String where;
    private final List<Argument> arguments = new ArrayList<>();
    private @Nullable Class<?> body;
    private @Nullable Class<?> delivered;

    private Parameters(Class<?> type, String where) {
        this.type = type;
        this.where = where;
    }

    static Parameters of(Method method, Class<?> type, String where) {
        Parameters parameters = new Parameters(type, where);
        for (int i = 0; i < method.getParameterCount(); i++) {
            parameters.add(new SynthesizingMethodParameter(method, i));
        }
        parameters.requireOneBody();
        return parameters;
    }

    List<Argument> arguments() {
        return List.copyOf(arguments);
    }

    /** What messages are decoded to: nothing but themselves, when nobody wants a body. */
    Class<?> body() {
        Class<?> wanted = body == null ? delivered : body;
        return wanted == null ? Message.class : wanted;
    }

    private void add(MethodParameter parameter) {
        ResolvableType wanted = ResolvableType.forMethodParameter(parameter, ResolvableType.forClass(type));
        Class<?> raw = wanted.resolve();
        LeaseHeader header = parameter.getParameterAnnotation(LeaseHeader.class);
        if (header != null) {
            arguments.add(HeaderArgument.of(header.value(), parameter, wanted, where));
        } else if (raw == Delivery.class) {
            delivered(wanted.getGeneric(0));
            arguments.add(delivery -> delivery);
        } else if (raw == Lease.class) {
            arguments.add(Delivery::lease);
        } else if (raw == Message.class) {
            arguments.add(Delivery::message);
        } else if (raw == Headers.class) {
            arguments.add(Delivery::headers);
        } else {
            body(wanted, parameter.getParameterIndex());
            arguments.add(Delivery::body);
        }
    }

    private void delivered(ResolvableType element) {
        if (element.resolve() != null) {
            delivered = requireDecodable(element);
        }
    }

    private void body(ResolvableType wanted, int index) {
        Class<?> type = requireDecodable(wanted);
        if (body != null) {
            throw Signature.bad(
                    "parameter " + (index + 1) + " (" + type.getSimpleName() + ") would be a second body after "
                            + body.getSimpleName(),
                    where,
                    "keep one body, and mark headers with @LeaseHeader");
        }
        body = type;
    }

    private Class<?> requireDecodable(ResolvableType wanted) {
        Class<?> raw = wanted.resolve();
        if (raw == null) {
            throw Signature.bad(
                    "the type " + wanted.getType().getTypeName() + " of its body is open",
                    where,
                    "name a class, or decode a byte[] yourself");
        }
        if (ReturnKind.isLater(raw) || raw == Optional.class) {
            throw Signature.bad(
                    "a " + raw.getSimpleName() + " is no body: the method is called for one message at a time",
                    where,
                    "take the body itself, or use MessageClient and through(..) for a stream");
        }
        if (losesItsArguments(raw, wanted)) {
            throw Signature.bad(
                    "the type arguments of " + wanted + " are not seen by codecs",
                    where,
                    "take an array, or a class or record of your own that holds it");
        }
        return ClassUtils.resolvePrimitiveIfNecessary(raw);
    }

    // A map of anything and a list of anything are what a codec makes without knowing more.
    private static boolean losesItsArguments(Class<?> raw, ResolvableType wanted) {
        boolean map = Map.class.isAssignableFrom(raw);
        ResolvableType[] generics = wanted.getGenerics();
        for (int i = 0; i < generics.length; i++) {
            Class<?> argument = generics[i].resolve(Object.class);
            boolean seen = (map || Collection.class.isAssignableFrom(raw))
                    && (argument == Object.class || (map && i == 0 && argument == String.class));
            if (!seen) {
                return true;
            }
        }
        return false;
    }

    private void requireOneBody() {
        if (body != null && delivered != null && body != delivered) {
            throw Signature.bad(
                    "it wants a body as " + body.getSimpleName() + " and a delivery of " + delivered.getSimpleName(),
                    where,
                    "use the same type in both");
        }
    }
}
