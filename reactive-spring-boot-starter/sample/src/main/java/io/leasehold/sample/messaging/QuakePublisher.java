package io.leasehold.sample.messaging;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The way to the broker. */
public interface QuakePublisher {

    /**
     * Publishes a message when subscribed, and signals when the broker has confirmed it. Ends with the error of the
     * client if it did not.
     *
     * @param message the message
     */
    Mono<Published> publish(QuakeMessage message);

    /**
     * Publishes messages as they come, with as many unconfirmed at a time as the client allows, and signals each one
     * that the broker has confirmed. One that it did not confirm is tried again under its id, with growing pauses.
     *
     * @param messages the messages
     */
    Flux<Published> publishAll(Flux<QuakeMessage> messages);
}
