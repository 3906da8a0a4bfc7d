package io.leasehold.embedded;

import io.leasehold.broker.Capabilities;

/** The contract, on a broker that answers only what it refuses. */
final class EmbeddedAnsweringErrorsTest extends EmbeddedContract {
    @Override
    Capabilities plays() {
        return Capabilities.fenced().answeringErrorsOnly();
    }
}
