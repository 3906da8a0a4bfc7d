package io.leasehold.wire;

import io.leasehold.event.Recorder;
import io.leasehold.lease.Ticker;
import reactor.core.scheduler.Scheduler;

/**
 * Holds what a connection is given by its client.
 *
 * @param clientName how the server shows us
 * @param ticker the client's clock
 * @param time where its timers run
 * @param blocking where files are read
 * @param recorder where events go
 */
public record ConnectionContext(
        String clientName, Ticker ticker, Scheduler time, Scheduler blocking, Recorder recorder) {}
