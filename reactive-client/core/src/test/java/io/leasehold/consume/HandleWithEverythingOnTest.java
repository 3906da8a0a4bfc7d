package io.leasehold.consume;

import io.leasehold.EverythingOn;
import io.leasehold.MessageClientBuilder;

/** All of {@link HandleTest}, with all stages and recorders on. */
class HandleWithEverythingOnTest extends HandleTest {
    @Override
    MessageClientBuilder dressed(MessageClientBuilder plain) {
        return EverythingOn.in(plain);
    }
}
