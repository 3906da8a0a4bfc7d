package io.leasehold.embedded;

import io.leasehold.broker.Capabilities;

/** The contract, on a broker that cannot delay what is given back. */
final class EmbeddedWithoutNakDelayTest extends EmbeddedContract {
    @Override
    Capabilities plays() {
        return Capabilities.fenced().withoutNakDelay();
    }
}
