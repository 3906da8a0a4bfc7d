package io.leasehold.nats.connection;

import io.leasehold.nats.fuzz.Mutations;
import org.junit.jupiter.api.Test;

/** What is searched for at length with Jazzer, in short: seeds, their beginnings, and changes of them. */
class ServerInfoFuzzTest {
    @Test
    void serverInfo() {
        Mutations.feed(new ServerInfoTarget());
    }
}
