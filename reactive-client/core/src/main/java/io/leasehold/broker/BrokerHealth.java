package io.leasehold.broker;

import java.util.List;

/**
 * How a broker session fares.
 *
 * @param reachable whether the broker can be spoken to at this moment
 * @param remarks what whoever looks should know: what is not reachable and why, and what works less well than it could
 */
public record BrokerHealth(boolean reachable, List<String> remarks) {
    /** Nothing to remark. */
    public static final BrokerHealth WELL = new BrokerHealth(true, List.of());

    /** Copies the list. */
    public BrokerHealth {
        remarks = List.copyOf(remarks);
    }
}
