package io.leasehold.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The rooms of NATS use each other, and those of the core, only as the map says. */
@Tag("once")
class NatsPackagesTest {
    private final List<PackageUse> uses = PackageUses.ofModule("nats");

    @Test
    void roomsUseOnlyWhatTheMapAllows() {
        assertThat(uses).isNotEmpty();
        PackageImportsTest.assertNone(new ImportRules(PackageMap.ofClient()).check(uses));
    }

    @Test
    void roomsDoNotGoRound() {
        assertThat(ImportRules.cycle(uses)).isEmpty();
    }
}
