package io.leasehold.broker.contract;

import io.leasehold.broker.Capabilities;

/**
 * What each broker must show over the SPI, and nothing but the SPI. A broker's test inherits this class and says how to
 * make it, restart it and delete a group in it. Time is virtual; the test of a broker in another process lets real time
 * pass in a {@link #clock} of its own.
 *
 * <p>The tests are chosen by what the broker says of itself in its {@link Capabilities}: each {@link Trait} has
 * its own.
 */
public abstract class BrokerContract extends BrokerUnderTest
        implements PublishContract,
                RetentionContract,
                DeliveryContract,
                LeaseContract,
                FencingContract,
                SilentFencingContract,
                UnfencedContract,
                LifecycleContract {}
