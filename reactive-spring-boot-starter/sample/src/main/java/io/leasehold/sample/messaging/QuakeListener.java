package io.leasehold.sample.messaging;

import io.leasehold.consume.Delivery;
import io.leasehold.message.MessageId;
import io.leasehold.sample.desk.Desk;
import io.leasehold.sample.quake.Quake;
import io.leasehold.spring.boot.listener.LeaseListener;
import reactor.core.publisher.Mono;

/** Has the desk assess each earthquake that is delivered, for as long as its lease is held. */
public final class QuakeListener {

    private final Desk desk;

    /**
     * Listens for a desk.
     *
     * @param desk does the work
     */
    public QuakeListener(Desk desk) {
        this.desk = desk;
    }

    /**
     * Assesses an earthquake. Completing acks its message; the work is cancelled when the lease is lost.
     *
     * @param delivery the earthquake, and its message
     */
    @LeaseListener(topic = QuakeTopic.ALL, group = "assessors")
    public Mono<Void> assess(Delivery<Quake> delivery) {
        String id = delivery.id().map(MessageId::value).orElseThrow();
        return desk.assess(id, delivery.body());
    }
}
