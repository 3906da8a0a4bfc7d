package io.leasehold.embedded;

import io.leasehold.broker.Capabilities;
import java.time.Duration;

/** The contract, on the broker that stores whatever is published. */
final class EmbeddedWithoutDuplicatesTest extends EmbeddedContract {
    @Override
    Capabilities plays() {
        return Capabilities.fenced();
    }

    @Override
    Duration duplicateWindow() {
        return Duration.ZERO;
    }
}
