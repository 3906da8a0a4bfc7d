package io.leasehold.embedded;

import io.leasehold.broker.Capabilities;
import java.time.Duration;

/** The contract, on the broker that recognises what a session publishes again. */
final class EmbeddedOwnRepetitionsTest extends EmbeddedContract {
    @Override
    Capabilities plays() {
        return Capabilities.fenced().recognisingOwnRepetitions();
    }

    @Override
    Duration duplicateWindow() {
        return Duration.ZERO;
    }
}
