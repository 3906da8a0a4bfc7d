package io.leasehold.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The test kit uses the core only as the map says: nothing of the engine of leases, and no transport. */
@Tag("once")
class TestKitPackagesTest {

    @Test
    void theTestKitUsesOnlyWhatTheMapAllows() {
        List<PackageUse> uses = PackageUses.ofModule("test");

        assertThat(uses).isNotEmpty();
        PackageImportsTest.assertNone(new ImportRules(PackageMap.ofClient()).check(uses));
    }
}
