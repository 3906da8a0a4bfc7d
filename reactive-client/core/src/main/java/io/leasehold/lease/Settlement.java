package io.leasehold.lease;

import io.leasehold.api.BrokerApi;
import java.util.List;

/**
 * Is the narrow way back to whoever delivered: the only path by which a lease reaches its broker. Implemented by
 * brokers. None of its methods blocks or calls user code; answers may come on any thread, also within the call.
 */
@BrokerApi
public interface Settlement {
    /** Writes settlements. Each item is asked by {@link SettleItem#tryWrite()} at the instant of encoding. */
    void settle(List<? extends SettleItem> items);

    /** Writes one settlement. */
    default void settle(SettleItem item) {
        settle(List.of(item));
    }

    /**
     * Writes touches, in one flush. Each item is asked by {@link TouchItem#tryWrite()} at the instant of encoding.
     */
    void touch(List<? extends TouchItem> items);

    /**
     * Ends the connection and discards what it still holds: a nak went unanswered up to the work deadline on a broker
     * that does not check tokens.
     */
    void abort();
}
