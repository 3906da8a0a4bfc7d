package io.leasehold.embedded;

import io.leasehold.broker.Capabilities;

/** The contract, on the broker that checks receipts. */
final class EmbeddedFencedTest extends EmbeddedContract {
    @Override
    Capabilities plays() {
        return EmbeddedMode.FENCED.capabilities();
    }
}
