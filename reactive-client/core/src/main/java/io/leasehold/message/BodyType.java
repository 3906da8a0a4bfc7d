package io.leasehold.message;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The type of a body with its type arguments, which a class does not have. Written as a subclass that adds nothing, off
 * which it is read: {@code new BodyType<List<Quake>>() {}}. Immutable; equal to every other one of the same type.
 *
 * @param <T> the type
 */
@CheckReturnValue
public abstract class BodyType<T> {
    private final Type type;
    private final Class<?> raw;
    private final boolean nullable;

    /**
     * The type that the subclass gives.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING} when it gives none, or an open one like {@code List<E>}
     */
    protected BodyType() {
        type = requireClosed(argumentOf(getClass()));
        raw = rawOf(type);
        nullable = false;
    }

    private BodyType(Type given, boolean nullable) {
        type = requireClosed(given);
        raw = rawOf(type);
        this.nullable = nullable;
    }

    /** One that was given as it is. */
    private static final class Given<T> extends BodyType<T> {
        Given(Type type, boolean nullable) {
            super(type, nullable);
        }
    }

    /** The type that is a class. */
    public static <T> BodyType<T> of(Class<T> type) {
        return new Given<>(type, false);
    }

    /**
     * A type as reflection has it, of a parameter for example. A wildcard stands for its upper bound.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING} when it is open, like {@code List<E>}
     */
    public static BodyType<?> of(Type type) {
        return new Given<>(type instanceof WildcardType wildcard ? wildcard.getUpperBounds()[0] : type, false);
    }

    private static Type argumentOf(Class<?> subclass) {
        Class<?> direct = subclass;
        while (direct.getSuperclass() != BodyType.class) {
            direct = direct.getSuperclass();
        }
        if (direct.getGenericSuperclass() instanceof ParameterizedType given) {
            return given.getActualTypeArguments()[0];
        }
        throw bad("a body type gives no type", direct.getName());
    }

    private static Type requireClosed(Type type) {
        if (isOpen(type)) {
            throw bad("the type of a body is open", type.getTypeName());
        }
        return type;
    }

    private static boolean isOpen(Type type) {
        if (type instanceof ParameterizedType generic) {
            return Arrays.stream(generic.getActualTypeArguments()).anyMatch(BodyType::isOpen);
        }
        if (type instanceof GenericArrayType array) {
            return isOpen(array.getGenericComponentType());
        }
        if (type instanceof WildcardType wildcard) {
            return Arrays.stream(wildcard.getUpperBounds()).anyMatch(BodyType::isOpen)
                    || Arrays.stream(wildcard.getLowerBounds()).anyMatch(BodyType::isOpen);
        }
        return type instanceof TypeVariable;
    }

    private static Class<?> rawOf(Type type) {
        if (type instanceof ParameterizedType generic) {
            return rawOf(generic.getRawType());
        }
        if (type instanceof GenericArrayType array) {
            return Array.newInstance(rawOf(array.getGenericComponentType()), 0).getClass();
        }
        if (type instanceof Class<?> plain) {
            return plain;
        }
        throw bad("a body is of no such type", type.getTypeName());
    }

    private static MessagingException bad(String what, String subject) {
        return new MessagingException(
                ErrorCode.BAD_SETTING,
                what,
                subject,
                "name a class for each part, as in new BodyType<List<Quake>>() {}");
    }

    /** The type: a class, or one with arguments that are known. */
    public final Type type() {
        return type;
    }

    /** The class of its values. */
    public final Class<?> raw() {
        return raw;
    }

    /**
     * The same type, whose consumers take a message without a body for a value, too: as null. A message with an empty
     * body, and one whose codec says null, is then handled, and {@code Delivery.body()} is null; otherwise it fails
     * with {@link ErrorCode#DECODE_FAILED}. Used for topics on which an empty message says that something is deleted.
     */
    public final BodyType<T> orNull() {
        return nullable ? this : new Given<>(type, true);
    }

    /** Whether null is a value, as {@link #orNull()} says; false by default. Does not count for equality. */
    public final boolean isNullable() {
        return nullable;
    }

    // Arguments are compared by name: what implements them differs between the JDK and libraries.
    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof BodyType<?> that
                && raw == that.raw
                && type.getTypeName().equals(that.type.getTypeName());
    }

    @Override
    public final int hashCode() {
        return raw.hashCode();
    }

    /** The type as it is written in code, with the full names of its classes. */
    @Override
    public final String toString() {
        return type.getTypeName();
    }
}
