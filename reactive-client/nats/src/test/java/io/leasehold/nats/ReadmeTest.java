package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the README compile as they stand. */
class ReadmeTest {
    private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final String BEFORE = """
            import io.leasehold.*;
            import io.leasehold.consume.*;
            import io.leasehold.error.*;
            import io.leasehold.message.*;
            import io.leasehold.pace.*;
            import io.leasehold.publish.*;
            import java.time.Duration;
            import java.util.Optional;
            import reactor.core.Disposable;
            import reactor.core.publisher.*;
            abstract class Example {
                abstract Mono<Void> assess(String body);
                void example() {
            """;

    @TempDir
    private Path folder;

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

    private static List<String> examples() throws Exception {
        Matcher matcher = EXAMPLE.matcher(Files.readString(Path.of("..", "..", "README.md")));
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
