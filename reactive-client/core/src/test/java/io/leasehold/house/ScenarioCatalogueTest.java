package io.leasehold.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The catalogue of scenarios, {@code reactive-client/SCENARIOS.md}, names just the tests that show them. */
@Tag("once")
class ScenarioCatalogueTest {
    private static final String ONE =
            "# Scenarios\n\n### 1. Close\n\nHappens.\n\nShown by: `CloseTest`,\n`OpenIT`.\n\nMore.\n";
    private static final String TWO = ONE + "\n### 2. Log\n\nHappens.\n\nStill to come: the log.\n";
    private static final String MARK = "    @Test\n    @Scenario(1)\n    void closes() {}\n";
    private static final String MARKS = "@Scenario({1, 2})\nclass OpenIT {}\n";

    private static Map<String, String> testSources() {
        Path modules = JavaSources.repository().resolve("reactive-client");
        Map<String, String> sources = new HashMap<>();
        for (Path file : JavaSources.javaFiles(modules)) {
            if (JavaSources.relative(modules, file).contains("/src/test/java/")) {
                String name = file.getFileName().toString().replace(".java", "");
                sources.merge(name, JavaSources.read(file), String::concat);
            }
        }
        return sources;
    }

    @Test
    void theCatalogueNamesTheTestsThatShowEachScenario() {
        Path catalogue = JavaSources.repository().resolve("reactive-client/SCENARIOS.md");

        assertThat(ScenarioCatalogue.violations(JavaSources.read(catalogue), testSources()))
                .isEmpty();
    }

    @Test
    void whatAgreesIsNotFound() {
        Map<String, String> sources = Map.of("CloseTest", MARK, "OpenIT", MARK, "OtherTest", "class OtherTest {}");

        assertThat(ScenarioCatalogue.violations(TWO, sources)).isEmpty();
    }

    @Test
    void aTestThatTheCatalogueDoesNotNameIsFound() {
        Map<String, String> sources = Map.of("CloseTest", MARK, "OpenIT", MARKS);

        assertThat(ScenarioCatalogue.violations(TWO, sources))
                .containsExactly("scenario 2 is shown by [OpenIT] and names []");
    }

    @Test
    void aTestThatShowsNothingOfItIsFound() {
        assertThat(ScenarioCatalogue.violations(TWO, Map.of("CloseTest", MARK)))
                .containsExactly("scenario 1 is shown by [CloseTest] and names [CloseTest, OpenIT]");
    }

    @Test
    void aScenarioWithoutATestSaysWhatIsStillToCome() {
        String silent = "### 1. Log\n\nHappens.\n";

        assertThat(ScenarioCatalogue.violations(silent, Map.of()))
                .containsExactly("scenario 1 has neither a test nor what is still to come");
    }

    @Test
    void aNumberThatTheCatalogueDoesNotHaveIsFound() {
        Map<String, String> sources = Map.of("CloseTest", MARK, "OpenIT", MARKS);

        assertThat(ScenarioCatalogue.violations(ONE, sources)).containsExactly("no scenario 2 as marked in [OpenIT]");
    }

    @Test
    void aGapInTheNumbersIsFound() {
        assertThat(ScenarioCatalogue.violations("### 2. Log\n\nStill to come: the log.\n", Map.of()))
                .containsExactly("scenario 2 stands where 1 should");
    }
}
