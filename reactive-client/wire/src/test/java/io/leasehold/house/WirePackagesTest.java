package io.leasehold.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The wire uses the core only as the map says, and no transport. */
@Tag("once")
class WirePackagesTest {

    @Test
    void theWireUsesOnlyWhatTheMapAllows() {
        List<PackageUse> uses = PackageUses.ofModule("wire");

        assertThat(uses).isNotEmpty();
        PackageImportsTest.assertNone(new ImportRules(PackageMap.ofClient()).check(uses));
    }
}
