package io.leasehold.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.Broker;
import io.leasehold.broker.Capabilities;
import io.leasehold.broker.contract.BrokerContract;
import java.time.Duration;
import reactor.core.scheduler.Scheduler;

/** The contract, on the embedded broker. */
abstract class EmbeddedContract extends BrokerContract {
    /** What the broker plays. */
    abstract Capabilities plays();

    /** For how long it recognises ids. */
    Duration duplicateWindow() {
        return Duration.ofMinutes(2);
    }

    /** What it says of itself. */
    final Capabilities says() {
        return plays().duplicateWindow(duplicateWindow());
    }

    @Override
    protected final Broker broker(Scheduler time) {
        EmbeddedSettings settings = EmbeddedSettings.builder()
                .plays(plays())
                .duplicateWindow(duplicateWindow())
                .build();
        return EmbeddedBroker.create(settings, time, wallClock());
    }

    @Override
    protected final void restart(Broker broker) {
        ((EmbeddedBroker) broker).restart();
    }

    @Override
    protected final void disconnect(Broker broker, String client) {
        ((EmbeddedBroker) broker).disconnect(client);
    }

    // What is in memory does not outlive a process: killed, it keeps as much as when it is shut down.
    @Override
    protected final boolean restart(Broker broker, Restart how) {
        if (how == Restart.OTHER_LEADER) {
            ((EmbeddedBroker) broker).changeLeader();
        } else {
            restart(broker);
        }
        return true;
    }

    @Override
    protected final boolean revoke(Broker broker, String group, String client) {
        ((EmbeddedBroker) broker).revoke(group, client);
        return true;
    }

    @Override
    protected final void deleteGroup(Broker broker, String name) {
        ((EmbeddedBroker) broker).deleteGroup(name);
    }

    @Override
    protected final void shutdown(Broker broker) {
        EmbeddedBroker embedded = (EmbeddedBroker) broker;
        EmbeddedStats stats = embedded.stats();
        assertThat(stats.waitingPublishes()).isZero();
        assertThat(stats.groups()).allMatch(group -> group.members() == 0);
        stats.groups().forEach(group -> embedded.deleteGroup(group.name()));
        assertThat(embedded.stats().messages()).as("messages without a group").isZero();
        assertThat(embedded.stats().bytes()).as("bytes without a message").isZero();
        embedded.shutdown();
        embedded.shutdown();
    }
}
