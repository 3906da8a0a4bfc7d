package io.leasehold.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.contract.BrokerBench;
import io.leasehold.broker.contract.VirtualClock;

/** An embedded broker of chosen settings on a bench in virtual time, checked when it is closed. */
final class EmbeddedBench implements AutoCloseable {
    private final VirtualClock clock = new VirtualClock();
    private final EmbeddedBroker broker;
    private final BrokerBench bench;

    EmbeddedBench(EmbeddedSettings.Builder settings) {
        broker = EmbeddedBroker.create(settings.build(), clock.scheduler(), clock.wallClock());
        bench = new BrokerBench(clock, broker, clock.scheduler(), "embedded");
    }

    BrokerBench bench() {
        return bench;
    }

    EmbeddedBroker broker() {
        return broker;
    }

    VirtualClock clock() {
        return clock;
    }

    /** What a group has in hand. */
    EmbeddedStats.Group group(String name) {
        return broker.stats().groups().stream()
                .filter(group -> group.name().equals(bench.group(name)))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        bench.close();
        assertThat(broker.stats().waitingPublishes()).isZero();
        broker.stats().groups().forEach(group -> broker.deleteGroup(group.name()));
        assertThat(broker.stats().messages()).as("messages without a group").isZero();
        assertThat(broker.stats().bytes()).as("bytes without a message").isZero();
        broker.shutdown();
        bench.verify();
        clock.close();
    }
}
