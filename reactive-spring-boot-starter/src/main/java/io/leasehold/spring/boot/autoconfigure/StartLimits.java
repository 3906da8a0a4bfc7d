package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.api.BrokerApi;
import java.time.Duration;

/**
 * How long the start of the application waits for the broker, and ends when that is in vain. Without it the start waits
 * for nothing, and what is refused is tried again and again.
 *
 * @param connect for a first connection
 * @param begin for each listener, until the broker gives it messages or refuses it
 */
@BrokerApi
public record StartLimits(Duration connect, Duration begin) {}
