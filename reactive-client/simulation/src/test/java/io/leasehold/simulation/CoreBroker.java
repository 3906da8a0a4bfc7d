package io.leasehold.simulation;

import io.leasehold.broker.Capabilities;
import io.leasehold.broker.RetentionSpec;
import io.leasehold.broker.SessionContext;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.embedded.EmbeddedMode;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.event.Recorder;
import io.leasehold.lease.Ticker;
import io.leasehold.message.Retention;
import io.leasehold.message.TopicFilter;
import io.leasehold.simulation.Plan.BrokerPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The broker behind the network: the embedded one, with the time of its node. */
record CoreBroker(EmbeddedBroker broker, Capabilities capabilities) {
    static CoreBroker of(SimNode node, BrokerPlan plan, Extras extras) {
        EmbeddedMode mode = plan.fenced() ? EmbeddedMode.FENCED : EmbeddedMode.NATS_LIKE;
        Duration lease = Duration.ofNanos(plan.leaseNanos());
        SimScheduler time = new SimScheduler(node, 1);
        EmbeddedSettings settings = EmbeddedSettings.builder()
                .plays(extras.played(mode.capabilities()))
                .retain(kept(Cluster.DERIVED))
                .retain(kept(Cluster.TOPIC))
                .leaseBackoff(plan.growing() ? List.of(lease, lease.multipliedBy(2), lease.multipliedBy(3)) : List.of())
                .build();
        EmbeddedBroker broker =
                EmbeddedBroker.create(settings, time, () -> Instant.ofEpochMilli(node.wallNanos() / 1_000_000L));
        SessionContext context = new SessionContext("probe", new Ticker(time), time, Recorder.NONE);
        return new CoreBroker(broker, broker.open(context).capabilities());
    }

    private static RetentionSpec kept(String topic) {
        return new RetentionSpec(
                TopicFilter.of(topic),
                Retention.builder().messagesMax(1_000).bytesMax(1L << 20).build());
    }

    void restart() {
        broker.restart();
    }
}
