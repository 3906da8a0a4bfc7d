/** The SPI that a message system implements: sessions, the publish port, the delivery port, and what it can do. */
@BrokerApi
@NullMarked
package io.leasehold.broker;

import io.leasehold.api.BrokerApi;
import org.jspecify.annotations.NullMarked;
