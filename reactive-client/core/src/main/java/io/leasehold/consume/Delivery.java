package io.leasehold.consume;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.lease.Lease;
import io.leasehold.message.Headers;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.message.PublishReceipt;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * One handing-out of a message, and the lease on it. Sealed: what stands behind it keeps its promises, a mock does not.
 *
 * @param <T> the type of the body
 */
@CheckReturnValue
public sealed interface Delivery<T> permits HeldDelivery {
    /**
     * Gives the body. Decoded once, before the handler is called. Null only where the consumer's type {@linkplain
     * io.leasehold.message.BodyType#orNull() takes null} and the message has none.
     */
    T body();

    /** Gives the message as it came. */
    Message message();

    /** Gives the lease. */
    Lease lease();

    /** Gives the topic of the message. */
    default String topic() {
        return message().topic();
    }

    /** Gives the key of the message. */
    default Optional<String> key() {
        return message().key();
    }

    /** Gives the id of the message. */
    default Optional<MessageId> id() {
        return message().id();
    }

    /** Gives the headers of the message. */
    default Headers headers() {
        return message().headers();
    }

    /** Says how often the message was handed out, this time included; 0 when the broker does not know. */
    int deliveryCount();

    /**
     * Does work under the lease and settles by how it ends, as for a {@link Handler}. Lazy; may be subscribed once.
     * Emits the outcome when the run and its settlement have ended, and errors only on misuse. On a lost delivery
     * the work is not subscribed and the outcome is LOST. Cancelling cancels the work and releases the message.
     */
    Mono<Outcome> settleBy(Publisher<?> work);

    /**
     * Keeps the lease alive although no work is attached yet. Without it, a delivery that nobody attaches to runs
     * out.
     */
    @CanIgnoreReturnValue
    Delivery<T> keep();

    /**
     * Publishes as a part of the run: gated by the lease, waited for at its end, and with an id that is derived from
     * this message, the topic that it goes to and a name, so that a redelivered message does not repeat what it
     * published already:
     *
     * <pre>{@code
     * delivery.publish("assessed", Message.to("felt.nc").body(new Felt(quake, Instant.now())))
     * }</pre>
     *
     * <p>Within the duplicate window of the broker, what was published first under a name is what is kept, whatever a
     * later delivery of the same message puts into it. A handler that publishes several messages to one topic gives
     * each a name of its own. An id that {@code message} has already is kept instead.
     *
     * <p>Errors, by code: those of {@link io.leasehold.publish.MessagePublisher}, and {@code LEASE_LOST}.
     *
     * @param name what the message is to this delivery; the same at each delivery
     * @param message its body may be {@linkplain Message#body(Object) a value}
     */
    Mono<PublishReceipt> publish(String name, Message message);

    /**
     * As {@link #publish(String, Message)}, with an id derived from the content instead of a name: for messages whose
     * topic, key, headers and body are the same at each delivery of this one. <b>What differs is another message</b>: a
     * timestamp, a random number or the order of a map in the body has it published again at each redelivery; name it
     * then.
     */
    Mono<PublishReceipt> publish(Message message);

    /** Gives the delivery that a blocking handler on this thread works on. */
    static Optional<Delivery<?>> current() {
        @Nullable Delivery<?> delivery = BlockingHandler.current();
        return Optional.ofNullable(delivery);
    }
}
