package io.leasehold.nats.jetstream;

/** The requests of a strand that carry nothing at the moment. */
final class SpareRequests {
    private final Spares<PublishRequest> publishes;
    private final Spares<SettleRequest> settlements;
    private final Spares<SettleWrite> writes;

    SpareRequests(Strand strand) {
        this.publishes = new Spares<>(() -> new PublishRequest(strand));
        this.settlements = new Spares<>(() -> new SettleRequest(strand));
        this.writes = new Spares<>(() -> new SettleWrite(strand));
    }

    Spares<PublishRequest> publishes() {
        return publishes;
    }

    /** For settlements that are answered. */
    Spares<SettleRequest> settlements() {
        return settlements;
    }

    /** For settlements that are only written. */
    Spares<SettleWrite> writes() {
        return writes;
    }
}
