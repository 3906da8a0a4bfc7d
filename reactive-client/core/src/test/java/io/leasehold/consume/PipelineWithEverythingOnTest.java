package io.leasehold.consume;

import io.leasehold.EverythingOn;
import io.leasehold.MessageClientBuilder;

/** All of {@link PipelineTest}, with all stages and recorders on. */
class PipelineWithEverythingOnTest extends PipelineTest {
    @Override
    MessageClientBuilder dressed(MessageClientBuilder plain) {
        return EverythingOn.in(plain);
    }
}
