package io.leasehold.spring.boot.listener;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.BodyType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a listener method looks like.
 *
 * @param where the method, for people
 * @param body the type that messages are decoded to
 * @param arguments where its arguments come from, in order
 * @param returns how it is called
 * @param elementTypeKnown whether it is known of what type the values are that it gives later
 */
record Signature(
        String where, BodyType<?> body, List<Argument> arguments, ReturnKind returns, boolean elementTypeKnown) {
    /**
     * Reads a method.
     *
     * @param type the class of the bean, which makes type variables known
     * @throws MessagingException {@code BAD_HANDLER} naming the method, what is wrong and what to do
     */
    static Signature of(Method method, Class<?> type) {
        String where = whereIs(method, type);
        if (Modifier.isStatic(method.getModifiers())) {
            throw bad("the method is static", where, "make it a method of the bean");
        }

        Parameters parameters = Parameters.of(method, type, where);
        return new Signature(
                where,
                parameters.body(),
                parameters.arguments(),
                ReturnKind.of(method, type, where),
                ReturnKind.elementTypeKnown(method, type));
    }

    private static String whereIs(Method method, Class<?> type) {
        String parameters = Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", "));
        return "@LeaseListener " + type.getName() + "." + method.getName() + "(" + parameters + ")";
    }

    static MessagingException bad(String what, String where, String remedy) {
        return new MessagingException(ErrorCode.BAD_HANDLER, what, where, remedy);
    }
}
