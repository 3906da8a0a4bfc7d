/**
 * What every broker must show over the SPI, for whoever writes one: a broker's test inherits {@link
 * io.leasehold.broker.contract.BrokerContract}.
 */
@NullMarked
package io.leasehold.broker.contract;

import org.jspecify.annotations.NullMarked;
