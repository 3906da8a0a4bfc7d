package io.leasehold.broker;

import io.leasehold.lease.Ticker;
import io.leasehold.signal.Recorder;
import reactor.core.scheduler.Scheduler;

/**
 * What a client gives its broker session.
 *
 * @param clientName the name of this instance
 * @param ticker the client's clock; anchors are its sure readings
 * @param time where timers run; not for user code
 * @param recorder where events go
 */
public record SessionContext(String clientName, Ticker ticker, Scheduler time, Recorder recorder) {}
