package io.leasehold.simulation;

import io.leasehold.broker.Capabilities;
import io.leasehold.broker.RetentionSpec;
import io.leasehold.broker.SessionContext;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.embedded.EmbeddedMode;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.lease.Ticker;
import io.leasehold.message.TopicFilter;
import io.leasehold.signal.Recorder;
import java.time.Instant;

/** The broker behind the network: the embedded one, with the time of its node. */
record CoreBroker(EmbeddedBroker broker, Capabilities capabilities) {
    static CoreBroker of(SimNode node, boolean fenced) {
        SimScheduler time = new SimScheduler(node, 1);
        EmbeddedSettings settings = EmbeddedSettings.builder()
                .mode(fenced ? EmbeddedMode.FENCED : EmbeddedMode.NATS_LIKE)
                .retain(new RetentionSpec(TopicFilter.of(Cluster.DERIVED), 1_000, 1L << 20))
                .build();
        EmbeddedBroker broker =
                EmbeddedBroker.create(settings, time, () -> Instant.ofEpochMilli(node.wallNanos() / 1_000_000L));
        SessionContext context = new SessionContext("probe", new Ticker(time), time, Recorder.NONE);
        return new CoreBroker(broker, broker.open(context).capabilities());
    }

    void restart() {
        broker.restart();
    }
}
