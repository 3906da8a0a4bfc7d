package io.leasehold.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What each module promises to others stands in its {@code api.txt}, so that each change of it is read in its commit.
 * {@code -Dapi.write} writes the texts instead of comparing them.
 */
@Tag("once")
class PublicApiTest {
    private static final String COMMAND = "mvn -B -ntp test -pl reactive-client/core -Dtest=PublicApiTest -Dapi.write";

    static Stream<String> modules() {
        return JavaSource.PRODUCT.stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void theTextOfAModuleIsThatOfItsCode(String module) throws IOException {
        List<JavaSource> sources = JavaSources.ofRepository().stream()
                .filter(source -> source.isMain() && source.module().equals(module))
                .toList();
        Path file = JavaSources.repository().resolve(module).resolve("api.txt");
        String now = ApiText.of(sources);

        if (Boolean.getBoolean("api.write") || "".equals(System.getProperty("api.write"))) {
            Files.writeString(file, now);
        }

        assertThat(Files.exists(file) ? Files.readString(file) : "")
                .as("the public API of " + module + " is not what " + file.getFileName() + " says: write it by '"
                        + COMMAND + "', read what has changed, and commit it with the code")
                .isEqualTo(now);
    }

    @Test
    void noPromiseNamesATypeThatIsOurs() {
        List<JavaSource> sources = JavaSources.ofRepository().stream()
                .filter(JavaSource::isProduct)
                .toList();
        Set<String> ours = ApiText.typesThatAreOurs(sources);
        String text = ApiText.of(sources);

        assertThat(ours.stream()
                        .filter(name -> Pattern.compile("\\b" + name + "\\b")
                                .matcher(text)
                                .find()))
                .as("public types that are marked as ours, and that a promise to others names")
                .isEmpty();
    }

    private static String textOf(String... sources) {
        return ApiText.of(Stream.of(sources)
                .map(source -> JavaSources.of("reactive-client/core/src/main/java/a/A.java", source))
                .toList());
    }

    @Test
    void whatCanBeSeenIsWrittenInOneOrder() {
        String text = textOf("""
                package a;
                public final class A<T extends Number> implements Comparable<A<T>> {
                    public static final int MAX = 3;
                    private int hidden;
                    int ours;
                    A(int hidden) {}
                    public @Nullable String name(@Nullable List<? extends T> given, int... more) throws IOException {
                        return null;
                    }
                    public static <V> A<?> of(V value) { return null; }
                    @Override public int compareTo(A<T> other) { return 0; }
                    protected void never() {}
                    public enum Kind { ONE, TWO }
                    private static final class Secret {}
                }
                """);

        assertThat(text).isEqualTo("""
                package a, for users

                final class A<T extends Number> implements Comparable<A<T>>
                    static final int MAX
                    @Nullable String name(@Nullable List<? extends T> given, int... more) throws IOException
                    static <V> A<?> of(V value)
                    enum Kind
                        ONE
                        TWO
                """);
    }

    @Test
    void classesForInheritingShowWhatHeirsSee() {
        assertThat(textOf("package a; public abstract class A { protected abstract int b(); }"))
                .contains("abstract class A\n    A()\n    protected abstract int b()");
        assertThat(textOf("package a; public sealed interface A permits B { int b(); private void c() {} }"))
                .contains("sealed interface A permits B\n    int b()\n")
                .doesNotContain("c()");
        assertThat(textOf("package a; public record A(@Nullable String b, int... c) { public A { }"
                        + " public int d() { return 0; } }"))
                .contains("record A(@Nullable String b, int... c)\n    int d()\n");
    }

    @Test
    void eachReadsForWhomItIs() {
        String ours = "@Internal package a;";
        String brokers = "@BrokerApi package a;";
        JavaSource type = JavaSources.of("core/src/main/java/a/A.java", "package a; public class A {}");

        assertThat(ApiText.of(List.of(type, JavaSources.of("core/src/main/java/a/package-info.java", ours))))
                .isEmpty();
        assertThat(ApiText.of(List.of(type, JavaSources.of("core/src/main/java/a/package-info.java", brokers))))
                .startsWith("package a, for writers of brokers\n");
        assertThat(textOf("package a; @Internal public class A {}")).isEmpty();
    }
}
