package io.leasehold.embedded;

/** The contract, on the broker that checks receipts. */
final class EmbeddedFencedTest extends EmbeddedContract {
    @Override
    EmbeddedMode mode() {
        return EmbeddedMode.FENCED;
    }
}
