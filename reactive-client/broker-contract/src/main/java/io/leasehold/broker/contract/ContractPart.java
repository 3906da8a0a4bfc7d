package io.leasehold.broker.contract;

/** A part of the contract: tests over a bench. */
interface ContractPart {
    /** The bench of the running test. */
    BrokerBench bench();

    /** The test itself, for what only it can do to its broker. */
    BrokerContract test();
}
