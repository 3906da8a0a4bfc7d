package io.leasehold.broker.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.Handout;

/** A part of the contract: tests over a bench. */
interface ContractPart {
    /** The bench of the running test. */
    BrokerBench bench();

    /** The test itself, for what only it can do to its broker. */
    BrokerUnderTest test();

    /** Fails when a delivery of a message does not have its number. */
    default void assertCount(Handout handout, int count) {
        assertThat(handout.deliveryCount()).isBetween(test().countsEachDelivery() ? count : 1, count);
    }
}
