package io.leasehold.embedded;

import io.leasehold.broker.Capabilities;

/** The contract, on a broker whose leases end with their connection. */
final class EmbeddedConnectionLeasesTest extends EmbeddedContract {
    @Override
    Capabilities plays() {
        return Capabilities.fenced().withLeasesOfTheConnection();
    }
}
