package io.leasehold.spring.boot.listener;

import io.leasehold.message.BodyType;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/** What a parameter says of the type of a body, with the type variables that the class of the bean makes known. */
final class BodyTypes {
    private final String where;

    private BodyTypes(String where) {
        this.where = where;
    }

    /** Reads the type to decode to. */
    static BodyType<?> of(ResolvableType wanted, String where) {
        return new BodyTypes(where).read(wanted);
    }

    private BodyType<?> read(ResolvableType wanted) {
        Class<?> raw = wanted.resolve();
        if (raw == null) {
            throw open(wanted);
        }
        if (AsyncTypes.isSupported(raw) || raw == Optional.class) {
            throw Signature.bad(
                    "a " + raw.getSimpleName() + " is no body: the method is called for one message at a time",
                    where,
                    "take the body itself, or use MessageClient and through(..) for a stream");
        }

        return BodyType.of(saysMore(raw, wanted) ? closed(wanted) : ClassUtils.resolvePrimitiveIfNecessary(raw));
    }

    // A map of anything and a list of anything are what a codec makes of the class.
    private static boolean saysMore(Class<?> raw, ResolvableType wanted) {
        if (wanted.isArray()) {
            ResolvableType component = wanted.getComponentType();
            return saysMore(component.resolve(Object.class), component);
        }

        boolean map = Map.class.isAssignableFrom(raw);
        ResolvableType[] arguments = wanted.getGenerics();
        for (int i = 0; i < arguments.length; i++) {
            boolean anything = isAnything(arguments[i]) || (map && i == 0 && arguments[i].resolve() == String.class);
            if (!anything || !(map || Collection.class.isAssignableFrom(raw))) {
                return true;
            }
        }

        return false;
    }

    private static boolean isAnything(ResolvableType argument) {
        Class<?> known = argument.resolve();
        return known == null ? argument.getType() instanceof WildcardType : known == Object.class;
    }

    private Type closed(ResolvableType type) {
        Class<?> raw = type.resolve();
        if (raw == null) {
            if (type.getType() instanceof WildcardType) {
                return Object.class;
            }
            throw open(type);
        }
        if (type.isArray()) {
            Type component = closed(type.getComponentType());
            return component instanceof Class<?> ? raw : new ArrayOf(component);
        }

        Type[] arguments = Arrays.stream(type.getGenerics()).map(this::closed).toArray(Type[]::new);
        return arguments.length == 0 ? raw : withArguments(raw, arguments);
    }

    private static Type withArguments(Class<?> raw, Type[] arguments) {
        ResolvableType[] known =
                Arrays.stream(arguments).map(ResolvableType::forType).toArray(ResolvableType[]::new);
        return ResolvableType.forClassWithGenerics(raw, known).getType();
    }

    private RuntimeException open(ResolvableType type) {
        return Signature.bad(
                "the type " + type.getType().getTypeName() + " of its body is open",
                where,
                "name a class, or decode a byte[] yourself");
    }

    /** An array whose elements have type arguments. */
    private record ArrayOf(Type component) implements GenericArrayType {
        @Override
        public Type getGenericComponentType() {
            return component;
        }

        @Override
        public String getTypeName() {
            return component.getTypeName() + "[]";
        }
    }
}
