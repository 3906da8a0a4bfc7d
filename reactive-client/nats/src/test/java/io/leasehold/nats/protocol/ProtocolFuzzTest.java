package io.leasehold.nats.protocol;

import io.leasehold.Scenario;
import io.leasehold.nats.fuzz.Mutations;
import org.junit.jupiter.api.Test;

/** What is searched for at length with Jazzer, in short: seeds, their beginnings, and changes of them. */
class ProtocolFuzzTest {
    @Test
    @Scenario(21)
    void frame() {
        Mutations.feed(new FrameTarget());
    }

    @Test
    @Scenario(21)
    void header() {
        Mutations.feed(new HeaderTarget());
    }
}
