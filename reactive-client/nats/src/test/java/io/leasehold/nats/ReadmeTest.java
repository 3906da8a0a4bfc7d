package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Threads;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the README compile as they stand. */
class ReadmeTest {
    private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern PRINTED = Pattern.compile("It prints, [^:]*:\n\n((?: {4}.*\n)+)");
    private static final String BEFORE = """
            import io.leasehold.*;
            import io.leasehold.consume.*;
            import io.leasehold.error.*;
            import io.leasehold.lease.*;
            import io.leasehold.message.*;
            import io.leasehold.pace.*;
            import io.leasehold.publish.*;
            import java.time.Duration;
            import java.util.Optional;
            import java.util.concurrent.atomic.AtomicInteger;
            import reactor.core.Disposable;
            import reactor.core.publisher.*;
            abstract class Example {
                abstract Mono<Void> assess(String body);
                void example() {
            """;

    @TempDir
    private Path folder;

    @Test
    void theFirstExampleSavesAMessageAsItSays() throws Exception {
        String code = example("doOnCancel").replace("System.out.println(", "told.add(\"\" + ");
        String before = BEFORE.replace("abstract class Example", "public class Example")
                .replace("abstract Mono<Void> assess(String body);", "")
                .replace("void example()", "public static void example(java.util.Collection<String> told)");
        assertThat(errorsOf(before + code + "}}")).isEmpty();
        Collection<String> told = new ConcurrentLinkedQueue<>();

        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            loader.loadClass("Example").getMethod("example", Collection.class).invoke(null, told);
            Threads.await("the message is saved", Duration.ofSeconds(20), () -> told.contains("ACKED"));
        }

        Matcher printed = PRINTED.matcher(readme());
        assertThat(printed.find()).isTrue();
        assertThat(told)
                .containsExactlyElementsOf(
                        printed.group(1).lines().map(String::strip).toList());
    }

    @Test
    void theExamplesOfTheCoreCompile() throws Exception {
        String both = example("publishAll(") + example("MessageConsumer<String>");
        assertThat(errorsOf(BEFORE + both + "}}")).isEmpty();
    }

    @Test
    void theExampleOfDeadLettersCompiles() throws Exception {
        String example = "MessageClient client = null; Message message = null;" + example("DeadLetter.of");
        assertThat(errorsOf(BEFORE + example + "}}")).isEmpty();
    }

    @Test
    void theExampleOfMetersAndTracesCompiles() throws Exception {
        String example = example("MeterRecorder");
        String before = """
                import io.leasehold.*;
                import io.leasehold.observation.*;
                abstract class Example {
                    io.micrometer.core.instrument.MeterRegistry meterRegistry;
                    io.micrometer.observation.ObservationRegistry observationRegistry;
                    void example() {
                """;
        assertThat(errorsOf(before + example + "}}")).isEmpty();
    }

    @Test
    void theExampleOfNatsCompiles() throws Exception {
        String example = example("NatsBroker");
        assertThat(errorsOf("import io.leasehold.nats.*;" + BEFORE + example + "}}"))
                .isEmpty();
    }

    @Test
    void anExampleThatDoesNotCompileIsFound() throws Exception {
        assertThat(errorsOf(BEFORE + "client.nothing();}}")).contains("client");
    }

    @Test
    void theExamplesAreShort() throws Exception {
        assertThat(examples())
                .allSatisfy(example -> assertThat(example.lines().filter(line -> !line.isBlank()))
                        .hasSizeLessThanOrEqualTo(10));
    }

    private static String example(String part) throws Exception {
        return examples().stream()
                .filter(text -> text.contains(part))
                .findFirst()
                .orElseThrow();
    }

    private static String readme() throws Exception {
        return Files.readString(Path.of("..", "..", "README.md"));
    }

    private static List<String> examples() throws Exception {
        Matcher matcher = EXAMPLE.matcher(readme());
        List<String> found = new ArrayList<>();
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    private String errorsOf(String source) throws Exception {
        Path file = Files.writeString(folder.resolve("Example.java"), source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter errors = new StringWriter();
        List<String> options = List.of("-proc:none", "-d", folder.toString());
        boolean compiles = compiler.getTask(
                        errors,
                        null,
                        null,
                        options,
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(file))
                .call();
        return compiles ? "" : errors.toString();
    }
}
