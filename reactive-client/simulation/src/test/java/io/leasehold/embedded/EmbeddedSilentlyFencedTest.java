package io.leasehold.embedded;

import io.leasehold.broker.Capabilities;

/** The contract, on a broker that ignores old receipts without saying so. */
final class EmbeddedSilentlyFencedTest extends EmbeddedContract {
    @Override
    Capabilities plays() {
        return Capabilities.silentlyFenced();
    }
}
