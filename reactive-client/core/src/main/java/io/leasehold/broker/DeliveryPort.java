package io.leasehold.broker;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.lease.Settlement;
import reactor.core.publisher.Mono;

/** The way of deliveries from one group to one consumer, and the way back of their settlements. Never blocks. */
@CheckReturnValue
public interface DeliveryPort extends Settlement {
    /**
     * Says how many deliveries the port may have emitted in its whole life. It emits while it has emitted fewer. A
     * smaller total than before withdraws credit; what is under way already may still come.
     */
    void credit(long total);

    /** How many messages of the group wait at the broker, as it told last; -1 when it has not told. On any thread. */
    default long waiting() {
        return -1;
    }

    /**
     * How many messages of the group wait at the broker to be handed out for the first time: the broker is asked, by
     * each subscription. Empty where that is not known, or does not become known.
     */
    default Mono<Long> backlog() {
        return Mono.empty();
    }

    /**
     * Takes no more: gives up its credit and ends what waits at the broker. Settlements and touches of what was
     * delivered still work until the session is closed. Repeatable.
     */
    void stop();
}
