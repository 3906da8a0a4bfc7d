package io.leasehold.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Types with their arguments, however they come. */
class BodyTypeTest {
    private static final BodyType<List<String>> TEXTS = new BodyType<>() {};

    @Test
    void theTypeIsThatOfTheSubclass() {
        assertThat(TEXTS).hasToString("java.util.List<java.lang.String>");
        assertThat(TEXTS.raw()).isEqualTo(List.class);
        assertThat(((ParameterizedType) TEXTS.type()).getActualTypeArguments()).containsExactly(String.class);
    }

    @Test
    void aClassIsATypeToo() {
        assertThat(BodyType.of(String.class).type()).isEqualTo(String.class);
        assertThat(BodyType.of(String.class))
                .isEqualTo(new BodyType<String>() {})
                .isNotEqualTo(TEXTS);
        assertThat(BodyType.of(byte[].class)).hasToString("byte[]");
    }

    @Test
    void theSameTypeIsEqualHoweverItCame() {
        assertThat(of("texts"))
                .isEqualTo(TEXTS)
                .hasSameHashCodeAs(TEXTS)
                .isNotEqualTo(of("numbers"))
                .isNotEqualTo(BodyType.of(List.class));
        assertThat(of("boxed")).isEqualTo(new BodyType<Box<String>>() {});
    }

    @Test
    void whatImplementsATypeMakesNoDifference() {
        ParameterizedType foreign = new ParameterizedType() {
            @Override
            public Type[] getActualTypeArguments() {
                return new Type[] {String.class};
            }

            @Override
            public Type getRawType() {
                return List.class;
            }

            @Override
            public Type getOwnerType() {
                return null;
            }

            @Override
            public String getTypeName() {
                return "java.util.List<java.lang.String>";
            }
        };
        assertThat(BodyType.of(foreign)).isEqualTo(TEXTS).hasSameHashCodeAs(TEXTS);
    }

    @Test
    void arraysAndNestedTypesKeepTheirArguments() {
        assertThat(of("arrays")).hasToString("java.util.List<java.lang.String>[]");
        assertThat(of("arrays").raw()).isEqualTo(List[].class);
        assertThat(of("nested")).hasToString("java.util.Map<java.lang.String, java.util.List<java.lang.Integer>>");
    }

    @Test
    void aWildcardStandsForItsBound() {
        Type bounded = ((ParameterizedType) parameter("bounded")).getActualTypeArguments()[0];
        assertThat(BodyType.of(bounded)).isEqualTo(BodyType.of(Number.class));
    }

    @Test
    void whatIsOpenIsRefused() {
        assertThatThrownBy(BodyTypeTest::<String>open).satisfies(refused -> assertBad(refused, "java.util.List<E>"));
        assertThatThrownBy(() -> of("variable")).satisfies(refused -> assertBad(refused, "java.util.List<E>"));
        assertThatThrownBy(() -> of("variables")).satisfies(refused -> assertBad(refused, "E[]"));
        assertThatThrownBy(() -> new Many<String>() {}).satisfies(refused -> assertBad(refused, "java.util.List<E>"));
    }

    @Test
    @SuppressWarnings("rawtypes")
    void oneThatGivesNoTypeIsRefused() {
        assertThatThrownBy(() -> new BodyType() {}).satisfies(refused -> assertBad(refused, "BodyTypeTest"));
    }

    private static <E> BodyType<List<E>> open() {
        return new BodyType<>() {};
    }

    private static void assertBad(Throwable refused, String subject) {
        assertThat(MessagingException.codeOf(refused)).isEqualTo(ErrorCode.BAD_SETTING);
        assertThat(((MessagingException) refused).subject()).contains(subject);
        assertThat(((MessagingException) refused).remedy()).contains("new BodyType<List<Quake>>() {}");
    }

    private static BodyType<?> of(String method) {
        return BodyType.of(parameter(method));
    }

    private static Type parameter(String name) {
        Method found = Arrays.stream(Parameters.class.getDeclaredMethods())
                .filter(method -> method.getName().equals(name))
                .findFirst()
                .orElseThrow();
        return found.getGenericParameterTypes()[0];
    }

    /** A type of its own with an argument. */
    record Box<E>(E inside) {}

    /** A type that is itself generic. */
    abstract static class Many<E> extends BodyType<List<E>> {}

    /** Parameters of many types. */
    interface Parameters<E> {
        void texts(List<String> texts);

        void numbers(List<Integer> numbers);

        void boxed(Box<String> boxed);

        void arrays(List<String>[] arrays);

        void nested(Map<String, List<Integer>> nested);

        void bounded(List<? extends Number> bounded);

        void variable(List<E> variable);

        void variables(E[] variables);
    }
}
