package io.leasehold;

import io.leasehold.diagnostics.ClientSnapshot;

/** What a client still has in hand. */
public final class Pending {
    private Pending() {}

    /** Deliveries, orphans among them, and publishes. */
    public static int in(ClientSnapshot snapshot) {
        int held = snapshot.groups().stream()
                .flatMap(group -> group.held().values().stream())
                .mapToInt(Integer::intValue)
                .sum();
        return held + snapshot.publishing().inFlight() + snapshot.publishing().waiting();
    }
}
