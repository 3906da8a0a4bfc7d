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
}
