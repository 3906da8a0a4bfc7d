package io.leasehold.nats.jetstream;

/** The requests of a session that carry nothing at the moment. */
final class SpareRequests {
    private final RequestPool<PublishRequest> publishes;
    private final RequestPool<SettleRequest> settlements;
    private final RequestPool<SettleWrite> writes;

    SpareRequests(SessionConnection session) {
        this.publishes = new RequestPool<>(() -> new PublishRequest(session));
        this.settlements = new RequestPool<>(() -> new SettleRequest(session));
        this.writes = new RequestPool<>(() -> new SettleWrite(session));
    }

    RequestPool<PublishRequest> publishes() {
        return publishes;
    }

    /** For settlements that are answered. */
    RequestPool<SettleRequest> settlements() {
        return settlements;
    }

    /** For settlements that are only written. */
    RequestPool<SettleWrite> writes() {
        return writes;
    }
}
