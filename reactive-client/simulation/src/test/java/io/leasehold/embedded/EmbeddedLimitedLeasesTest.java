package io.leasehold.embedded;

import io.leasehold.broker.Capabilities;
import java.time.Duration;

/** The contract, on the broker that lends within bounds, and ends each lease at some time. */
final class EmbeddedLimitedLeasesTest extends EmbeddedContract {
    @Override
    Capabilities plays() {
        return Capabilities.fenced()
                .leaseTimes(Duration.ofSeconds(5), Duration.ofMinutes(10))
                .holdMax(Duration.ofSeconds(100));
    }
}
