package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.broker.Broker;
import io.leasehold.consume.StagePair;

/** Gives each client the stages that name its broker. They are nearest to the handler and to the broker. */
@FunctionalInterface
interface ClientStages {
    /** Returns the stages of a client that uses this broker. */
    StagePair of(Broker broker);
}
