package io.leasehold.embedded;

import io.leasehold.broker.Capabilities;
import io.leasehold.broker.StartPosition;
import java.util.Set;

/** The contract, on the broker that drops what came too often and tells nobody, and begins groups with what follows. */
final class EmbeddedSilentDropsTest extends EmbeddedContract {
    @Override
    Capabilities plays() {
        return Capabilities.fenced().deliveriesMax(8, false).startPositions(Set.of(StartPosition.Kind.LATEST));
    }
}
