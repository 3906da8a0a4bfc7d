package com.example.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.Broker;
import io.leasehold.broker.contract.BrokerContract;
import reactor.core.scheduler.Scheduler;

/** The contract, on a broker that is not ours: what the published modules say to writers of brokers is enough. */
class PlainBrokerTest extends BrokerContract {
    @Override
    protected Broker broker(Scheduler time) {
        return new PlainBroker(time);
    }

    @Override
    protected void restart(Broker broker) {
        ((PlainBroker) broker).restart();
    }

    @Override
    protected void deleteGroup(Broker broker, String name) {
        ((PlainBroker) broker).deleteGroup(name);
    }

    @Override
    protected void shutdown(Broker broker) {
        assertThat(((PlainBroker) broker).isIdle()).isTrue();
    }
}
