package io.leasehold.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.signal.Recorder;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Several recorders are told the same. */
class AllRecordersTest {
    private final List<String> told = new ArrayList<>();

    static Stream<Method> whatIsRecorded() {
        return Arrays.stream(Recorder.class.getMethods()).filter(method -> !Modifier.isStatic(method.getModifiers()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("whatIsRecorded")
    void eachIsToldEverything(Method method) throws ReflectiveOperationException {
        Recorder all = AllRecorders.of(List.of(recorder("one"), recorder("other")));
        Object[] arguments = Arrays.stream(method.getParameterTypes())
                .map(AllRecordersTest::any)
                .toArray();
        method.invoke(all, arguments);
        assertThat(told).containsExactly("one " + method.getName(), "other " + method.getName());
    }

    private static Object any(Class<?> type) {
        if (type == long.class) {
            return 7L;
        }
        if (type == int.class) {
            return 7;
        }
        return type == boolean.class ? true : null;
    }

    private Recorder recorder(String name) {
        InvocationHandler tells = (proxy, method, arguments) -> {
            told.add(name + " " + method.getName());
            return null;
        };
        return (Recorder) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Recorder.class}, tells);
    }

    @Test
    void aSingleOneIsTakenAsItIs() {
        Recorder one = recorder("one");
        assertThat(AllRecorders.of(List.of(one))).isSameAs(one);
        assertThat(AllRecorders.of(List.of())).isSameAs(Recorder.NONE);
    }
}
