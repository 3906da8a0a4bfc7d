package io.leasehold.embedded;

import io.leasehold.broker.Capabilities;

/** The contract, on the broker whose tokens count the deliveries of a message. */
final class EmbeddedPerMessageTokensTest extends EmbeddedContract {
    @Override
    Capabilities plays() {
        return Capabilities.fenced().tokens(Capabilities.Tokens.PER_MESSAGE);
    }
}
