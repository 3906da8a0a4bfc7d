package io.leasehold.embedded;

import io.leasehold.broker.Capabilities;
import java.time.Duration;

/** The contract, on a broker that checks no receipts and whose leases end with their connection. */
final class EmbeddedUnfencedConnectionLeasesTest extends EmbeddedContract {
    @Override
    Capabilities plays() {
        return Capabilities.unfenced(Duration.ZERO).withLeasesOfTheConnection();
    }
}
