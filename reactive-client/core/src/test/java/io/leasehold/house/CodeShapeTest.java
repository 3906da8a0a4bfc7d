package io.leasehold.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Code keeps our habits, in all modules; each rule shows first that it can fail. */
@Tag("once")
class CodeShapeTest {

    private static final String MAIN = "reactive-client/core/src/main/java/io/leasehold/Planted.java";
    private static final String TEST = "reactive-client/core/src/test/java/io/leasehold/Planted.java";
    private static final String BENCHMARK = "benchmarks/src/main/java/io/leasehold/Planted.java";

    private final List<JavaSource> sources = JavaSources.ofRepository();

    @Test
    void sourcesAreFound() {
        assertThat(sources)
                .extracting(JavaSource::module)
                .contains("reactive-client/core", "reactive-client/nats", "reactive-spring-boot-starter", "benchmarks")
                .contains("reactive-spring-boot-starter/sample");
    }

    @Test
    void linesAndMethodsStaySmall() {
        assertNothingIn(SizeRules::check);
    }

    @Test
    void nothingBannedIsWritten() {
        assertNothingIn(BannedCode::check);
    }

    @Test
    void typesAreNamedAndClosedAsAgreed() {
        assertNothingIn(TypeRules::check);
    }

    @Test
    void everythingPublicSaysWhatItPromises() {
        assertNothingIn(DocRules::check);
    }

    private void assertNothingIn(Function<JavaSource, List<Violation>> rules) {
        List<Violation> found =
                sources.stream().map(rules).flatMap(List::stream).distinct().toList();
        if (!found.isEmpty()) {
            fail(report(found));
        }
    }

    private static String report(List<Violation> found) {
        StringBuilder text = new StringBuilder("places that break the rules of CodeShapeTest: " + found.size());
        found.forEach(violation -> text.append(System.lineSeparator()).append(violation));
        return text.toString();
    }

    @TestFactory
    Stream<DynamicTest> plantedSizesAreFound() {
        return Stream.of(
                planted("long line", SizeRules::check, MAIN, "// " + "x".repeat(118), "121 columns, limit 120"),
                planted("long method", SizeRules::check, MAIN, method("\n".repeat(40)), "41 lines, limit 40"),
                planted("nested ifs", SizeRules::check, MAIN, method("if (a) ".repeat(4) + ";"), "4 deep, limit 3"),
                planted("mixed nesting", SizeRules::check, MAIN, method(mixedNesting()), "4 deep, limit 3"),
                planted("nesting in a lambda", SizeRules::check, MAIN, method(lambdaNesting()), "4 deep, limit 3"));
    }

    private static String mixedNesting() {
        return "for (;;) { try { while (a) { switch (b) { default: } } } finally { } }";
    }

    private static String lambdaNesting() {
        return "if (a) { Runnable r = () -> { for (;;) { do { if (b) { } } while (c); } }; }";
    }

    @TestFactory
    Stream<DynamicTest> plantedBannedCodeIsFound() {
        return Stream.of(
                banned("synchronized method", "class A { synchronized void a() {} }", "synchronized"),
                banned("synchronized block", method("synchronized (this) { }"), "synchronized"),
                banned("lock", "import java.util.concurrent.locks.ReentrantLock; class A {}", "a lock"),
                banned("sleep", method("Thread.sleep(1);"), "sleeping"),
                banned("sleep by unit", method("TimeUnit.SECONDS.sleep(1);"), "sleeping"),
                banned("static sleep", "import static java.lang.Thread.sleep; class A {}", "sleeping"),
                banned("wall clock", method("long t = System.currentTimeMillis();"), "System.currentTimeMillis"),
                banned("qualified", method("long t = java.lang.System.nanoTime();"), "System.nanoTime"),
                banned("reference", method("LongSupplier t = System::nanoTime;"), "System.nanoTime"),
                banned("static import", "import static java.lang.System.nanoTime; class A {}", "imported statically"),
                banned("instant", method("var t = Instant.now();"), "Instant.now"),
                banned("printing", method("System.out.println();"), "System.out"),
                banned("errors", method("System.err.println();"), "System.err"),
                banned("blocking", method("mono.block();"), ".block()"),
                banned("blocking with a limit", method("flux.blockLast(limit);"), ".blockLast()"),
                banned("milliseconds", method("scheduler.now(TimeUnit.MILLISECONDS);"), "NANOSECONDS"),
                banned("seconds", method("scheduler.now(SECONDS);"), "NANOSECONDS"),
                banned("note", "class A { // TODO later\n }", "a note"),
                planted("sleep in tests", BannedCode::check, TEST, method("Thread.sleep(1);"), "sleeping"),
                planted("disabled", BannedCode::check, TEST, "class A { @Disabled void a() {} }", "switched off"));
    }

    @TestFactory
    Stream<DynamicTest> plantedTypesAreFound() {
        return Stream.of(
                planted("open class", TypeRules::check, MAIN, "public class Planted {}", "is open"),
                planted("helper", TypeRules::check, MAIN, "class TimeUtils {}", "says nothing"),
                planted("inner", TypeRules::check, TEST, "class A { class LeaseManager {} }", "says nothing"),
                planted("lost test", TypeRules::check, TEST, "class LeaseTests { @Test void a() {} }", "never run"));
    }

    @TestFactory
    Stream<DynamicTest> plantedSilenceIsFound() {
        return Stream.of(
                planted("type", DocRules::check, MAIN, "public final class A {}", "type A is public"),
                planted("method", DocRules::check, MAIN, documented("public void go() {}"), "method go is public"),
                planted("protected", DocRules::check, MAIN, documented("protected void go() {}"), "method go"),
                planted("contract", DocRules::check, MAIN, "/** A. */ public interface A { void go(); }", "method go"),
                planted("empty", DocRules::check, MAIN, "/** */ public final class A {}", "type A is public"));
    }

    private static String documented(String member) {
        return "/** A. */ public final class A { " + member + " }";
    }

    @Test
    void whatIsAllowedIsNotFound() {
        assertThat(SizeRules.check(JavaSources.of(MAIN, method("\n".repeat(39)))))
                .isEmpty();
        assertThat(SizeRules.check(JavaSources.of(MAIN, method("if (a) ; " + "else if (b) ; ".repeat(5)))))
                .isEmpty();
        assertThat(BannedCode.check(JavaSources.of(MAIN, method("scheduler.now(TimeUnit.NANOSECONDS);"))))
                .isEmpty();
        assertThat(BannedCode.check(JavaSources.of(MAIN, method("sleep(1);")))).isEmpty();
        assertThat(BannedCode.check(JavaSources.of(BENCHMARK, method("System.out.println(System.nanoTime());"))))
                .isEmpty();
        assertThat(DocRules.check(JavaSources.of(MAIN, documented("void a() {} @Override public void b() {}"))))
                .isEmpty();
        assertThat(DocRules.check(JavaSources.of(MAIN, "class A { public void a() {} }")))
                .isEmpty();
        assertThat(TypeRules.check(JavaSources.of(MAIN, "public final class A {} abstract class B {} class C {}")))
                .isEmpty();
        assertThat(TypeRules.check(JavaSources.of(TEST, "abstract class Contract { @Test void a() {} }")))
                .isEmpty();
    }

    @Test
    void theLineOfAViolationIsTold() {
        JavaSource source = JavaSources.of(MAIN, "class A {\n\n    void a() { Thread.sleep(1); }\n}");
        assertThat(BannedCode.check(source))
                .hasToString(
                        "[" + MAIN + ":3 " + "sleeping: use virtual time, or wait for the thing itself with a limit]");
    }

    private static DynamicTest banned(String name, String text, String expected) {
        return planted(name, BannedCode::check, MAIN, text, expected);
    }

    private static DynamicTest planted(
            String name, Function<JavaSource, List<Violation>> rules, String path, String text, String expected) {
        return DynamicTest.dynamicTest(
                name,
                () -> assertThat(rules.apply(JavaSources.of(path, text)))
                        .extracting(Violation::what)
                        .as(name)
                        .anyMatch(what -> what.contains(expected)));
    }

    private static String method(String body) {
        return "class A { void a() {" + body + "} }";
    }
}
