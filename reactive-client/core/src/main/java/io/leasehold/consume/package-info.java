/** Consuming: deliveries become runs under their leases, with slots, key lanes, retries, dead letters and drain. */
@NullMarked
package io.leasehold.consume;

import org.jspecify.annotations.NullMarked;
