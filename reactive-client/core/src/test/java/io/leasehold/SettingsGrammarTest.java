package io.leasehold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.leasehold.consume.BatchSettings;
import io.leasehold.consume.ConsumeSettings;
import io.leasehold.consume.FailureSettings;
import io.leasehold.consume.FlowSettings;
import io.leasehold.consume.HoldSettings;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.publish.PublishSettings;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * All settings are made in one way: from the defaults or from others, one named value at a time. A value is called by
 * its property in errors, {@code leasehold.publish.window}; where there is none, without the first word.
 */
class SettingsGrammarTest {
    private static final Path SOURCES = Path.of("src/main/java/io/leasehold");

    static Stream<Class<?>> settings() {
        return Stream.of(
                BatchSettings.class,
                ConsumeSettings.class,
                EmbeddedSettings.class,
                FailureSettings.class,
                FlowSettings.class,
                HoldSettings.class,
                PublishSettings.class);
    }

    @Test
    void noSettingsAreLeftOut() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith("Settings.java")))
                    .containsExactlyInAnyOrderElementsOf(settings()
                            .map(type -> type.getSimpleName() + ".java")
                            .toList());
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void theDefaultsTheBuilderAndWhatMutatesThemAgree(Class<?> type) throws ReflectiveOperationException {
        Object defaults = call(null, type, "defaults");

        Object built = built(call(null, type, "builder"));
        Object mutated = built(call(defaults, type, "mutate"));

        assertThat(built).isEqualTo(defaults).hasSameHashCodeAs(defaults).hasToString(defaults.toString());
        assertThat(mutated).isEqualTo(defaults);
    }

    @ParameterizedTest
    @MethodSource("settings")
    void nobodyListsAllValuesByTheirPlace(Class<?> type) {
        assertThat(type.getConstructors()).isEmpty();
        assertThat(settersOf(type)).isNotEmpty().allMatch(setter -> setter.getParameterCount() == 1);
    }

    @ParameterizedTest
    @MethodSource("settings")
    void eachValueCanBeReadByTheNameByWhichItIsSet(Class<?> type) {
        List<String> read =
                Arrays.stream(type.getMethods()).map(Method::getName).toList();

        assertThat(settersOf(type).map(Method::getName))
                .filteredOn(name -> !List.of("mode", "retain").contains(name))
                .isSubsetOf(read);
    }

    @ParameterizedTest
    @MethodSource("settings")
    void aNumberOrTimeOutOfItsBoundsIsRefusedWhereItIsSetByItsPropertyName(Class<?> type) {
        settersOf(type).filter(setter -> badValueFor(setter) != null).forEach(setter -> {
            InvocationTargetException thrown = catchThrowableOfType(
                    InvocationTargetException.class,
                    () -> setter.invoke(call(null, type, "builder"), badValueFor(setter)));

            assertThat(thrown).as(setter.toString()).isNotNull();
            assertThat(thrown.getCause()).isInstanceOfSatisfying(MessagingException.class, refused -> {
                assertThat(refused.code()).isEqualTo(ErrorCode.BAD_SETTING);
                assertThat(refused.subject())
                        .matches("(leasehold[.])?[a-z]+[.]" + kebab(setter.getName()))
                        .isLowerCase();
            });
        });
    }

    private static Object badValueFor(Method setter) {
        Class<?> type = setter.getParameterTypes()[0];
        if (type == int.class) {
            return -1;
        }
        if (type == long.class) {
            return -1L;
        }
        return type == Duration.class ? Duration.ofNanos(-1) : null;
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static Stream<Method> settersOf(Class<?> type) {
        Class<?> builder = Arrays.stream(type.getClasses())
                .filter(nested -> nested.getSimpleName().equals("Builder"))
                .findFirst()
                .orElseThrow();
        return Arrays.stream(builder.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && method.getReturnType() == builder);
    }

    private static Object built(Object builder) throws ReflectiveOperationException {
        return call(builder, builder.getClass(), "build");
    }

    private static Object call(Object on, Class<?> type, String method) throws ReflectiveOperationException {
        return type.getMethod(method).invoke(on);
    }
}
