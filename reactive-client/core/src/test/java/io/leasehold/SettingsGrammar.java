package io.leasehold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checks that all settings of a module are made in one way: from the defaults or from others, one named value at a
 * time. A value is called by its property in errors, {@code leasehold.publish.window}; where there is none, without the
 * first word.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class SettingsGrammar {
    private static final Path SOURCES = Path.of("src", "main", "java");

    /** Lists the settings of the module. */
    protected abstract Set<Class<?>> settings();

    /** Lists what is given to a builder, or has one, and is no settings: values with a meaning of their own. */
    protected abstract Set<Class<?>> values();

    /** Lists what takes settings beside the builders of settings. */
    protected abstract Set<Class<?>> takers();

    /** Names the setters whose value is not read by their name: several for one value, or secrets. */
    protected Set<String> unread() {
        return Set.of();
    }

    /** Makes the defaults of a type. */
    protected Object defaults(Class<?> type) throws ReflectiveOperationException {
        return call(null, type, "defaults");
    }

    /** Begins a builder of a type. */
    protected Object builder(Class<?> type) throws ReflectiveOperationException {
        return call(null, type, "builder");
    }

    @Test
    void noSettingsAreLeftOut() throws IOException {
        List<Class<?>> all = typesOfTheModule();
        Stream<Class<?>> built = all.stream()
                .filter(type -> type.getSimpleName().endsWith("Settings")
                        || builderOf(type).findAny().isPresent());
        Stream<Class<?>> taken = Stream.concat(takers().stream(), all.stream().flatMap(SettingsGrammar::builderOf))
                .flatMap(SettingsGrammar::givenTo)
                .filter(all::contains);

        Set<Class<?>> found = Stream.concat(built, taken).collect(Collectors.toSet());
        found.removeAll(values());

        assertThat(found).containsExactlyInAnyOrderElementsOf(settings());
    }

    private static List<Class<?>> typesOfTheModule() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.map(file -> SOURCES.relativize(file).toString())
                    .filter(name -> name.endsWith(".java") && !name.endsWith("-info.java"))
                    .<Class<?>>map(SettingsGrammar::named)
                    .toList();
        }
    }

    private static Class<?> named(String file) {
        String name = file.substring(0, file.length() - ".java".length()).replaceAll("[/\\\\]", ".");
        try {
            return Class.forName(name, false, SettingsGrammar.class.getClassLoader());
        } catch (ClassNotFoundException missing) {
            throw new AssertionError(name, missing);
        }
    }

    private static Stream<Class<?>> builderOf(Class<?> type) {
        return Arrays.stream(type.getDeclaredClasses())
                .filter(nested -> nested.getSimpleName().equals("Builder"));
    }

    private static Stream<Class<?>> givenTo(Class<?> taker) {
        return Arrays.stream(taker.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .flatMap(method -> Arrays.stream(method.getGenericParameterTypes()))
                .flatMap(SettingsGrammar::classesIn)
                .filter(type -> !type.isInterface() && !type.isEnum());
    }

    private static Stream<Class<?>> classesIn(Type type) {
        if (type instanceof ParameterizedType generic) {
            return Stream.concat(
                    classesIn(generic.getRawType()),
                    Arrays.stream(generic.getActualTypeArguments()).flatMap(SettingsGrammar::classesIn));
        }
        return type instanceof Class<?> plain ? Stream.of(plain) : Stream.empty();
    }

    @ParameterizedTest
    @MethodSource("settings")
    void theDefaultsTheBuilderAndWhatMutatesThemAgree(Class<?> type) throws ReflectiveOperationException {
        Object defaults = defaults(type);

        Object built = built(builder(type));
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
                .filteredOn(name -> !unread().contains(name))
                .isSubsetOf(read);
    }

    @ParameterizedTest
    @MethodSource("settings")
    void aNumberOrTimeOutOfItsBoundsIsRefusedWhereItIsSetByItsPropertyName(Class<?> type) {
        settersOf(type).filter(setter -> badValueFor(setter) != null).forEach(setter -> {
            InvocationTargetException thrown = catchThrowableOfType(
                    InvocationTargetException.class, () -> setter.invoke(builder(type), badValueFor(setter)));

            assertThat(thrown).as(setter.toString()).isNotNull();
            assertThat(thrown.getCause()).isInstanceOfSatisfying(MessagingException.class, refused -> {
                assertThat(refused.code()).isEqualTo(ErrorCode.BAD_SETTING);
                assertThat(refused.subject())
                        .matches("(leasehold[.])?([a-z]+[.])+" + kebab(setter.getName()))
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
        if (type == double.class) {
            return -1.0;
        }
        return type == Duration.class ? Duration.ofNanos(-1) : null;
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static Stream<Method> settersOf(Class<?> type) {
        Class<?> builder = builderOf(type).findFirst().orElseThrow();
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
