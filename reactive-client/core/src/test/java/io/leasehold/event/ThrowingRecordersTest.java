package io.leasehold.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.lease.LeaseView;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a recorder throws, in whatever it is told, reaches nobody else: all are told that, too. */
class ThrowingRecordersTest {
    private static final MessagingEvent TROUBLE = MessagingEvent.of(Kind.TROUBLE, "group", null);

    private final List<String> told = new ArrayList<>();

    private Recorder noting(String name) {
        return recorder((method, arguments) -> told.add(name + " " + what(method, arguments)));
    }

    private static String what(Method method, Object[] arguments) {
        return method.getName().equals("event")
                ? ((MessagingEvent) arguments[0]).kind().name()
                : method.getName();
    }

    private static Recorder throwing(Throwable thrown) {
        return recorder((method, arguments) -> {
            throw thrown;
        });
    }

    /** What is done with whatever a recorder is told. */
    private interface Telling {
        Object tell(Method method, Object[] arguments) throws Throwable;
    }

    private static Recorder recorder(Telling telling) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class) {
                return "a recorder";
            }
            telling.tell(method, arguments);
            return null;
        };
        return (Recorder)
                Proxy.newProxyInstance(Recorder.class.getClassLoader(), new Class<?>[] {Recorder.class}, handler);
    }

    static List<Method> callbacks() {
        return Arrays.stream(Recorder.class.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .toList();
    }

    private static Object[] argumentsOf(Method callback) {
        return Arrays.stream(callback.getParameterTypes())
                .map(ThrowingRecordersTest::argument)
                .toArray();
    }

    private static Object argument(Class<?> type) {
        if (type == MessagingEvent.class) {
            return TROUBLE;
        }
        if (type == boolean.class) {
            return true;
        }
        if (type == int.class) {
            return 1;
        }
        // The rest is handed on as it is.
        return type == long.class ? 1L : null;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("callbacks")
    void oneThatThrowsAnExceptionOrAnErrorIsAloneWithIt(Method callback) throws ReflectiveOperationException {
        for (Throwable thrown : List.of(new IllegalStateException("planted"), new NoClassDefFoundError("planted"))) {
            told.clear();
            Object[] arguments = argumentsOf(callback);
            Recorder all = Recorder.all(List.of(noting("before"), throwing(thrown), noting("after")));
            callback.invoke(all, arguments);
            String what = what(callback, arguments);
            assertThat(told).containsExactly("before " + what, "before FAULT", "after FAULT", "after " + what);
        }
    }

    @Test
    void nothingThatARecorderMayBeToldIsLeftOut() {
        assertThat(callbacks())
                .extracting(Method::getName)
                .hasSizeGreaterThan(20)
                .contains("opened", "published", "event", "watching", "fault");
        for (Method callback : callbacks()) {
            assertThat(FanOut.class.getDeclaredMethods())
                    .as("a fan-out would keep " + callback + " to itself")
                    .anyMatch(method -> method.getName().equals(callback.getName())
                            && Arrays.equals(method.getParameterTypes(), callback.getParameterTypes()));
        }
    }

    @Test
    void anExceptionThatIsThrownForEverDoesNotGrow() {
        IllegalStateException always = new IllegalStateException("planted");
        Recorder all = Recorder.all(List.of(throwing(always), throwing(new IllegalStateException("other"))));
        for (int i = 0; i < 100; i++) {
            all.publishRepeated("quakes.nc");
        }

        assertThat(always.getSuppressed()).isEmpty();
    }

    @Test
    void whenAllThrowNothingIsHeard() {
        Recorder all = Recorder.all(
                List.of(throwing(new IllegalStateException("one")), throwing(new IllegalStateException("other"))));
        all.opened((LeaseView) null);
        all.event(TROUBLE);

        assertThat(told).isEmpty();
    }
}
