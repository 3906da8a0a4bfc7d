package io.leasehold.embedded;

import io.leasehold.broker.Capabilities;
import io.leasehold.broker.StartPosition;
import java.util.Set;

/** The contract, on the broker that drops what came too often and tells it, and whose groups consume one topic each. */
final class EmbeddedExactFiltersTest extends EmbeddedContract {
    @Override
    Capabilities plays() {
        return Capabilities.fenced()
                .deliveriesMax(8, true)
                .startPositions(Set.of(StartPosition.Kind.EARLIEST))
                .withoutWildcards();
    }
}
