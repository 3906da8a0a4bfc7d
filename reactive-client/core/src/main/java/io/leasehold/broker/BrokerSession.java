package io.leasehold.broker;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.TopicFilter;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * What one client uses of a broker. Its Monos may signal on any thread, also on one that the broker needs: go
 * elsewhere before user code is called.
 */
@CheckReturnValue
public interface BrokerSession {
    /** What the broker can do. */
    Capabilities capabilities();

    /** The smoothed round-trip time; zero in the same process. */
    Duration smoothedRoundTrip();

    /**
     * Completes when the broker can be spoken to for the first time; errors with the reason when that was given up.
     * Default: at once.
     */
    default Mono<Void> ready() {
        return Mono.empty();
    }

    /** Where publishes go. */
    PublishPort publishing();

    /**
     * Starts to consume for a group, creating it when it does not exist. Nothing is delivered before credit is given.
     * Errors that end consumption go to the sink.
     *
     * @throws io.leasehold.error.MessagingException when the request itself is wrong
     */
    DeliveryPort deliveries(GroupSpec group, DeliverySink sink);

    /**
     * Sees to it that a topic keeps what is published to it although no group consumes it yet, as a dead-letter topic
     * must. Lazy and repeatable.
     */
    Mono<Void> declare(RetentionSpec retention);

    /**
     * Deletes a group with all that waits for it; its members hear that it is {@linkplain DeliverySink#deleted
     * deleted}. Lazy and repeatable.
     *
     * @param filter what the group consumes
     * @param name its name
     * @return whether there was such a group; errors with {@code UNSUPPORTED} where groups cannot be deleted
     */
    default Mono<Boolean> deleteGroup(TopicFilter filter, String name) {
        return Mono.error(new MessagingException(
                ErrorCode.UNSUPPORTED, "groups cannot be deleted here", name, "delete it by the broker's own means"));
    }

    /** For how long the broker has not been heard; zero while it can be spoken to. On any thread. */
    default Duration unheard() {
        return Duration.ZERO;
    }

    /** How it fares at this moment. On any thread. */
    default BrokerHealth health() {
        return BrokerHealth.WELL;
    }

    /**
     * Ends the session: nothing is delivered any more, open publishes and settlements end <i>unknown</i>. What is
     * published, settled or touched afterwards is refused ({@code CLOSED}). A consumer that has not been {@linkplain
     * DeliveryPort#stop stopped}, or is opened then, is {@linkplain DeliverySink#gone gone} with that code. Leases stay
     * at the broker until they run out, unless they {@linkplain Capabilities#leasesEndWithConnection() end with it}.
     * Repeatable.
     */
    Mono<Void> close();
}
