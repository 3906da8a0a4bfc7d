/** Resilience4j's circuit breaker, rate limiter, bulkhead and retry intervals as stages that never park a thread. */
@NullMarked
package io.leasehold.resilience;

import org.jspecify.annotations.NullMarked;
