package io.leasehold.embedded;

import io.leasehold.broker.Capabilities;

/** The contract, on the broker that behaves as nats-server does. */
final class EmbeddedNatsLikeTest extends EmbeddedContract {
    @Override
    Capabilities plays() {
        return EmbeddedMode.NATS_LIKE.capabilities();
    }
}
