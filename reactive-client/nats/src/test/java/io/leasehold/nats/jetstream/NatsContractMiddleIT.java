package io.leasehold.nats.jetstream;

import io.leasehold.nats.server.EachServer;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.ServerChoice;

/** The contract on the servers between the oldest and the newest. */
@EachServer(ServerChoice.MIDDLE)
class NatsContractMiddleIT extends NatsContract {
    private final NatsServer server;

    NatsContractMiddleIT(NatsServer server) {
        super(1);
        this.server = server;
    }

    @Override
    NatsServer server() {
        return server;
    }
}
