package io.leasehold.nats.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The machine's package sources, asked for other suites: everything else in them stays as it is. */
class PackageSourcesTest {
    private final PackageSources sources = new PackageSources(Set.of("old", "oldstable"), List.of("old", "new"));

    @Test
    void aParagraphOfTheReleaseIsAskedForTheOtherSuites() {
        String machine = "Types: deb\n# a note\nURIs: mirror\nSuites: old old-updates\nComponents: main\n"
                + "\nTypes: deb\nURIs: mirror\nSuites: old-security\nComponents: main\n";
        assertThat(sources.ofParagraphs(machine))
                .isEqualTo("Types: deb\n# a note\nURIs: mirror\nSuites: old new\nComponents: main\n");
    }

    @Test
    void whatIsNotOfTheReleaseOrSwitchedOffIsLeftOut() {
        assertThat(sources.ofParagraphs("Types: deb\nURIs: other\nSuites: ./\n"))
                .isEmpty();
        assertThat(sources.ofParagraphs("Types: deb\nEnabled: no\nURIs: mirror\nSuites: old\n"))
                .isEmpty();
        assertThat(sources.ofParagraphs("")).isEmpty();
    }

    @Test
    void theSuitesAreThoseOfTheDistribution() {
        PackageSources debian = DebianServers.suites("ID=debian\nVERSION_CODENAME=bookworm\nNAME=\"a=b\"\n");

        assertThat(debian.wanted()).containsExactly("bookworm", "stable", "unstable");
        assertThat(debian.present()).contains("bookworm", "stable");
        assertThat(DebianServers.suites("ID=ubuntu\nVERSION_CODENAME=\"noble\"\n")
                        .wanted())
                .containsExactly("noble", "devel");
        assertThat(DebianServers.suites("").wanted()).contains("stable", "unstable");
    }

    @Test
    void aLineOfTheReleaseBecomesALineForEachSuite() {
        String machine = "# deb mirror old main\ndeb [signed-by=/k] mirror old main extra\n"
                + "deb mirror old-updates main\ndeb-src mirror old main\n";
        assertThat(sources.ofLines(machine))
                .isEqualTo("deb [signed-by=/k] mirror old main extra\ndeb [signed-by=/k] mirror new main extra\n");
    }
}
