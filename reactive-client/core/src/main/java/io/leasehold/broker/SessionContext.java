package io.leasehold.broker;

import io.leasehold.event.Recorder;
import io.leasehold.lease.Ticker;
import java.time.Duration;
import reactor.core.scheduler.Scheduler;

/**
 * What a client gives its broker session.
 *
 * @param clientName the name of this instance
 * @param ticker the client's clock; anchors are its sure readings
 * @param time where timers run; not for user code
 * @param recorder where events go
 * @param publishTimeout for how long a publish of the client is repeated; zero when that is not known
 */
public record SessionContext(
        String clientName, Ticker ticker, Scheduler time, Recorder recorder, Duration publishTimeout) {
    /** Of a client of which nobody knows for how long it repeats a publish. */
    public SessionContext(String clientName, Ticker ticker, Scheduler time, Recorder recorder) {
        this(clientName, ticker, time, recorder, Duration.ZERO);
    }
}
