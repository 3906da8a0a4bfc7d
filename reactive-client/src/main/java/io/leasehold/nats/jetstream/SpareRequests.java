package io.leasehold.nats.jetstream;

/** Requests to be carried by: such that have ended, or else new ones. */
final class SpareRequests {
    private final Strand strand;
    private final Spares<PublishRequest> publishes = new Spares<>();
    private final Spares<SettleRequest> settlements = new Spares<>();
    private final Spares<SettleWrite> writes = new Spares<>();

    SpareRequests(Strand strand) {
        this.strand = strand;
    }

    /** One that carries no publish. On any thread. */
    PublishRequest publish() {
        PublishRequest spare = publishes.take();
        return spare == null ? new PublishRequest(strand) : spare;
    }

    /** One that carries no settlement. On any thread. */
    SettleRequest settlement() {
        SettleRequest spare = settlements.take();
        return spare == null ? new SettleRequest(strand) : spare;
    }

    /** One that carries no settlement that is only written. On any thread. */
    SettleWrite write() {
        SettleWrite spare = writes.take();
        return spare == null ? new SettleWrite(strand) : spare;
    }

    /** A publish was answered, and nothing more is heard of it. On the connection's thread. */
    void give(PublishRequest ended) {
        publishes.give(ended);
    }

    /** A settlement was answered, and nothing more is heard of it. On the connection's thread. */
    void give(SettleRequest ended) {
        settlements.give(ended);
    }

    /** A settlement was written, and nothing more is heard of it. On the connection's thread. */
    void give(SettleWrite ended) {
        writes.give(ended);
    }
}
