package io.leasehold.nats.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which ports servers and proxies get. */
class PortsTest {
    @Test
    void noPortIsHandedOutTwiceWhileNobodyListensYet() {
        List<Integer> ports = Stream.generate(Ports::free).limit(500).toList();

        assertThat(ports).doesNotHaveDuplicates();
    }
}
