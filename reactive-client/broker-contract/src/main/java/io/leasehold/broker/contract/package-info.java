/**
 * What every broker must show over the SPI, for whoever writes one: a broker's test inherits {@link
 * io.leasehold.broker.contract.BrokerContract}.
 */
@BrokerApi
@NullMarked
package io.leasehold.broker.contract;

import io.leasehold.api.BrokerApi;
import org.jspecify.annotations.NullMarked;
