package io.leasehold.embedded;

/** The contract, on the broker that behaves as nats-server does: all of it but what names fencing. */
final class EmbeddedNatsLikeTest extends EmbeddedContract {
    @Override
    EmbeddedMode mode() {
        return EmbeddedMode.NATS_LIKE;
    }
}
