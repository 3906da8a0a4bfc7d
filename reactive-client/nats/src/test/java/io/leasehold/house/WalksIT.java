package io.leasehold.house;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class WalksIT {

    @Test
    void aMessageIsFollowedOnBothWays() {
        Walks walks = Walks.walk();

        assertThat(walks.publish())
                .contains("io.leasehold.publish.PublishWindow", "io.leasehold.nats.protocol.FrameEncoder")
                .doesNotContain("io.leasehold.nats.protocol.FrameDecoder");
        assertThat(walks.handle())
                .contains("io.leasehold.nats.protocol.FrameDecoder", "io.leasehold.consume.Run")
                .doesNotContain("io.leasehold.publish.PublishWindow");
    }
}
