package io.leasehold.embedded;

import io.leasehold.broker.Capabilities;

/** The contract, on the broker without tokens. */
final class EmbeddedWithoutTokensTest extends EmbeddedContract {
    @Override
    Capabilities plays() {
        return Capabilities.fenced().tokens(Capabilities.Tokens.NONE);
    }
}
