package io.leasehold.broker.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.Handout;
import java.time.Duration;

/** A part of the contract: tests over a bench. */
interface ContractPart {
    /** The bench of the running test. */
    BrokerBench bench();

    /** The test itself, for what only it can do to its broker. */
    BrokerUnderTest test();

    /**
     * Fails when a delivery came before so much time had passed since an instant of the bench. Asked afterwards, since
     * where real time passes a test may stand still at the very instant at which nothing is to have come yet.
     */
    default void assertNotBefore(TestConsumer consumer, int nth, long sinceNanos, Duration time) {
        Duration after = Duration.ofNanos(consumer.arrivedNanos(nth) - sinceNanos);
        assertThat(after).isGreaterThanOrEqualTo(time.minus(test().tolerance()));
    }

    /** Fails when a delivery of a message does not have its number. */
    default void assertCount(Handout handout, int count) {
        assertThat(handout.deliveryCount()).isBetween(test().countsEachDelivery() ? count : 1, count);
    }
}
