package io.leasehold.nats.jetstream;

import io.leasehold.nats.server.EachServer;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.ServerChoice;

/** The contract on the oldest server that was found. */
@EachServer(ServerChoice.OLDEST)
class NatsContractOldestIT extends NatsContract {
    private final NatsServer server;

    NatsContractOldestIT(NatsServer server) {
        super(1);
        this.server = server;
    }

    @Override
    NatsServer server() {
        return server;
    }

    /** Before, what comes again just when a pull has ended may be handed out as if for the first time. */
    @Override
    protected boolean countsEachDelivery() {
        return server.binary().isAtLeast("2.10.14");
    }
}
