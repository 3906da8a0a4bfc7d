package io.leasehold.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What users put on their class path: small, without two modules that share a package, each with a name. */
@Tag("once")
class ModulesTest {
    private static final List<String> PUBLISHED = List.of(
            "reactive-client/core",
            "reactive-client/broker-contract",
            "reactive-client/wire",
            "reactive-client/nats",
            "reactive-client/test",
            "reactive-spring-boot-starter");
    private static final Pattern DEPENDENCY = Pattern.compile("<dependency>(.*?)</dependency>", Pattern.DOTALL);

    private static String pom(String module) {
        return JavaSources.read(JavaSources.repository().resolve(module).resolve("pom.xml"));
    }

    private static String element(String xml, String name) {
        Matcher found = Pattern.compile("<" + name + ">(.*?)</" + name + ">").matcher(xml);
        return found.find() ? found.group(1) : "";
    }

    // What somebody gets who depends on it.
    private static List<String> brought(String module) {
        List<String> names = new ArrayList<>();
        Matcher dependency = DEPENDENCY.matcher(pom(module));
        while (dependency.find()) {
            boolean optional = element(dependency.group(1), "optional").equals("true");
            if (!optional && !element(dependency.group(1), "scope").equals("test")) {
                names.add(element(dependency.group(1), "artifactId"));
            }
        }
        return names;
    }

    @Test
    void theCoreBringsReactorAndTheLogAlone() {
        assertThat(brought("reactive-client/core")).containsExactlyInAnyOrder("reactor-core", "slf4j-api");
        assertThat(brought("reactive-client")).containsExactly("jspecify");
    }

    @Test
    void theWireBringsTheCoreAndReactorNettyAlone() {
        assertThat(brought("reactive-client/wire"))
                .containsExactlyInAnyOrder(
                        "leasehold-reactive-client", "reactor-netty-core", "netty-transport-classes-epoll");
    }

    @Test
    void theStarterBringsNats() {
        assertThat(brought("reactive-spring-boot-starter")).contains("leasehold-reactive-client", "leasehold-nats");
    }

    @Test
    void theCoreDoesNotKnowItsContract() {
        assertThat(pom("reactive-client/core")).doesNotContain("leasehold-broker-contract");
    }

    @Test
    void noPackageLiesInTwoModules() {
        Map<String, String> owners = new HashMap<>();
        for (String module : PUBLISHED) {
            for (String name : packages(module)) {
                assertThat(owners.putIfAbsent(name, module)).as(name).isNull();
            }
        }

        assertThat(owners).containsKeys("io.leasehold", "io.leasehold.nats", "io.leasehold.spring.boot.autoconfigure");
    }

    private static Set<String> packages(String module) {
        Path sources = JavaSources.repository().resolve(module).resolve("src/main/java");
        Set<String> names = new HashSet<>();
        for (Path file : JavaSources.javaFiles(sources)) {
            names.add(JavaSources.relative(sources, file.getParent()).replace('/', '.'));
        }
        return names;
    }

    @Test
    void eachJarHasANameOfItsOwnOnModulePaths() {
        assertThat(PUBLISHED.stream().map(module -> element(pom(module), "module.name")))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("io\\.leasehold(\\.[a-z]+)*"));
        assertThat(pom("")).contains("<Automatic-Module-Name>${module.name}</Automatic-Module-Name>");
    }

    @Test
    void theBillOfMaterialsNamesWhatIsPublished() {
        String bom = pom("reactive-client/bom");
        for (String module : PUBLISHED) {
            String own = pom(module).replaceFirst("(?s)<parent>.*?</parent>", "");
            assertThat(bom).contains("<artifactId>" + element(own, "artifactId") + "</artifactId>");
        }
    }

    @Test
    void noOtherModuleOfTheClientShipsAnything() throws Exception {
        Path client = JavaSources.repository().resolve("reactive-client");
        try (var modules = Files.list(client)) {
            assertThat(modules.filter(module -> Files.isDirectory(module.resolve("src/main")))
                            .map(module -> "reactive-client/" + module.getFileName()))
                    .isSubsetOf(PUBLISHED);
        }
    }
}
