package io.leasehold.nats.protocol;

import io.leasehold.nats.fuzz.Mutations;
import org.junit.jupiter.api.Test;

/** What is searched for at length with Jazzer, in short: seeds, their beginnings, and changes of them. */
class ProtocolFuzzTest {
    @Test
    void frame() {
        Mutations.feed(new FrameTarget());
    }

    @Test
    void header() {
        Mutations.feed(new HeaderTarget());
    }
}
