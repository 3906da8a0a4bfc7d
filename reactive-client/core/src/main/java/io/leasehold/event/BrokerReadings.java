package io.leasehold.event;

import io.leasehold.api.BrokerApi;
import java.time.Duration;

/** How a client fares with its broker. May be read at any time on any thread; never blocks. */
@BrokerApi
public interface BrokerReadings {
    /** Whether the broker can be spoken to at this moment. */
    boolean isReachable();

    /** For how long the broker has not been heard; zero while it can be spoken to. */
    Duration unheard();
}
