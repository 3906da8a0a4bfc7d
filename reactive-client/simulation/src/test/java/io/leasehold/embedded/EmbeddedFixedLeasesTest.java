package io.leasehold.embedded;

import io.leasehold.broker.Capabilities;

/** The contract, on the broker whose leases nothing extends. */
final class EmbeddedFixedLeasesTest extends EmbeddedContract {
    @Override
    Capabilities plays() {
        return Capabilities.fenced().withoutTouches();
    }
}
