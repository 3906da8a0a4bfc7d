package io.leasehold.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.tools.JavaFileObject;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The rooms of the client use each other only as the map says; each rule shows first that it can fail. */
@Tag("once")
class PackageImportsTest {

    private static final String PLACE = "reactive-client/core/src/main/java/io/leasehold/";

    private final ImportRules rules = new ImportRules(PackageMap.ofClient());

    @Test
    void roomsUseOnlyWhatTheMapAllows() {
        List<Violation> found = rules.check(PackageUses.ofModule("core"));
        assertNone(found);
    }

    @Test
    void roomsDoNotGoRound() {
        assertThat(ImportRules.cycle(PackageUses.ofModule("core"))).isEmpty();
    }

    @Test
    void everyRoomHasItsPurposeAndATellingName() {
        List<Violation> found = PackageRules.check(JavaSources.ofRepository());
        assertNone(found);
    }

    static void assertNone(List<Violation> found) {
        if (!found.isEmpty()) {
            fail(found.stream().map(Violation::toString).collect(Collectors.joining(System.lineSeparator())));
        }
    }

    @Test
    void theMapGoesDownOnly() {
        PackageMap map = PackageMap.ofClient();
        for (String one : map.rooms()) {
            for (String other : map.rooms()) {
                boolean both = map.allows(one, other) && map.allows(other, one);
                assertThat(both && !one.equals(other)).as(one + " and " + other).isFalse();
            }
        }
    }

    @Test
    void whatIsReachedThroughARoomIsAllowedButNoInnerRoom() {
        PackageMap map = PackageMap.ofClient();

        assertThat(map.allows("consume", "error")).isTrue();
        assertThat(map.allows("lease", "broker")).isFalse();
        assertThat(map.allows("publish", "consume")).isFalse();
        assertThat(map.allows("", "nats")).isTrue();
        assertThat(map.allows("", "nats.protocol")).isFalse();
        assertThat(map.allows("nats", "nats.protocol")).isTrue();
        assertThat(map.allows("consume", "lease.keeper")).isTrue();
        assertThat(map.allows("observation", "lease")).isTrue();
        assertThat(map.allows("observation", "lease.keeper")).isFalse();
        assertThat(map.allows("lease", "lease.keeper")).isFalse();
        assertThat(map.rooms()).filteredOn(room -> map.allows(room, "")).containsExactly("", "test");
        assertThat(map.allows("test", "lease.keeper")).isFalse();
    }

    @Test
    void plantedUsesAreFoundHoweverTheyAreWritten() {
        String error = "package io.leasehold.error; public class Code { public static Code of() { return null; } }";

        assertUp(error, "package io.leasehold.error; import io.leasehold.pace.Pace; class A {}");
        assertUp(error, "package io.leasehold.error; import io.leasehold.pace.*; class A {}");
        assertUp(error, "package io.leasehold.error; class A { io.leasehold.pace.Pace pace; }");
        assertUp(error, "package io.leasehold.error; class A { int i = io.leasehold.pace.Pace.LIMIT; }");
        assertUp(error, "package io.leasehold.error; import static io.leasehold.pace.Pace.LIMIT; class A {}");
    }

    private void assertUp(String lower, String planted) {
        String pace = "package io.leasehold.pace; import io.leasehold.error.Code;"
                + " public class Pace { public static final int LIMIT = 1; Code code = Code.of(); }";
        List<PackageUse> uses =
                PackageUses.of(List.of(text("error/Code", lower), text("error/A", planted), text("pace/Pace", pace)));
        assertThat(rules.check(uses)).as(planted).isNotEmpty().allSatisfy(violation -> {
            assertThat(violation.file()).endsWith("error/A.java");
            assertThat(violation.what()).contains("io.leasehold.error uses io.leasehold.pace: it may use api");
        });
        assertThat(ImportRules.cycle(uses)).containsExactly("io.leasehold.error", "io.leasehold.pace");
    }

    @Test
    void aTypeThatIsUsedWithoutBeingNamedIsFound() {
        List<PackageUse> uses = PackageUses.of(List.of(
                text("x/X", "package io.leasehold.x; public class X { public void go() {} }"),
                text("y/Y", "package io.leasehold.y; public class Y { public io.leasehold.x.X x() { return null; } }"),
                text("z/Z", "package io.leasehold.z; class Z { void z(io.leasehold.y.Y y) { y.x().go(); } }")));
        assertThat(uses).anyMatch(use -> use.from().endsWith(".z") && use.to().endsWith(".x"));
    }

    @Test
    void plantedLibrariesAndUnknownRoomsAreFound() {
        PackageUse breaker = new PackageUse("io.leasehold.publish", "io.github.resilience4j.retry", "A.java", 1);
        PackageUse meter = new PackageUse("io.leasehold.event", "io.micrometer.core.instrument", "A.java", 1);
        PackageUse attic = new PackageUse("io.leasehold.attic", "io.leasehold.error", "A.java", 1);

        assertThat(rules.check(List.of(breaker))).hasSize(1);
        assertThat(rules.check(List.of(meter))).hasSize(1);
        assertThat(rules.check(List.of(attic))).hasSize(1);
        PackageUse buffer = new PackageUse("io.leasehold.embedded", "io.netty.buffer", "A.java", 1);
        assertThat(rules.check(List.of(buffer))).hasSize(1);
        PackageUse log = new PackageUse("io.leasehold.consume", "org.slf4j", "A.java", 1);
        assertThat(rules.check(List.of(log))).hasSize(1);
        PackageUse client = new PackageUse("io.leasehold.nats.connection", "reactor.netty.tcp", "A.java", 1);
        assertThat(rules.check(List.of(client))).hasSize(1);
        PackageUse inside = new PackageUse("io.leasehold.wire", "reactor.netty.tcp", "A.java", 1);

        assertThat(rules.check(List.of(inside))).isEmpty();
    }

    @Test
    void aTransitiveUseOfTheMapIsNotItsOpposite() {
        PackageMap map = new PackageMap(Map.of("a", Set.of("b"), "b", Set.of("c"), "c", Set.of()));
        assertThat(map.allows("a", "c")).isTrue();
        assertThat(map.allows("c", "a")).isFalse();
        assertThat(map.allowedFor("a")).isEqualTo("b, c");
    }

    @Test
    void plantedPackagesAreFound() {
        String info = "/** Purpose. */ @NullMarked package io.leasehold.%s;";

        assertPackage("internal", "internal/package-info", info.formatted("internal"), "says nothing");
        assertPackage("none", "pace/A", "package io.leasehold.pace; class A {}", "no package-info");
        assertPackage("nulls", "pace/package-info", "/** Purpose. */ package io.leasehold.pace;", "@NullMarked");
        assertDoorIsShut("io.leasehold.nats.protocol.Frame");
        assertDoorIsShut("io.leasehold.lease.keeper.KeptLease");
    }

    private static void assertDoorIsShut(String type) {
        String door = "package io.leasehold.spring.boot; import " + type + ";";
        JavaSource starter = JavaSources.of("reactive-spring-boot-starter/src/main/java/A.java", door);
        assertThat(PackageRules.check(List.of(starter)))
                .as(type)
                .anyMatch(found -> found.what().contains("inner room"));
    }

    private static void assertPackage(String name, String file, String text, String expected) {
        JavaSource source = JavaSources.of(PLACE + file + ".java", text);
        assertThat(PackageRules.check(List.of(source)))
                .as(name)
                .anyMatch(found -> found.what().contains(expected));
    }

    @Test
    void sourcesThatDoNotCompileAreRefused() {
        List<JavaFileObject> broken = List.of(text("pace/A", "package io.leasehold.pace; class A { Missing m; }"));
        assertThatThrownBy(() -> PackageUses.of(broken)).hasMessageContaining("do not compile");
    }

    private static JavaFileObject text(String name, String text) {
        return JavaSources.text(PLACE + name + ".java", text);
    }
}
