/**
 * A connection to NATS that is kept, over what {@link io.leasehold.wire} has for any protocol: handshake, answers by
 * slot, subscriptions by number, and which link counts.
 *
 * <pre>
 *   NatsConnection   open, ready, state, epoch, server, roundTrip, pendingBytes    what there is
 *                    write(Outbound or Request), forget, ask, flush                what goes out
 *                    newInbox, subscribe, Subscription.cancel                      what comes in
 *                    reconnect, abort, drain, close                                what ends
 *   ConnectionListener   up(epoch), down(epoch, reason), leaving, denied, writable, closed
 *
 *   any thread ──► OutboundQueue ──► ReconnectingConnection ──► NatsLink ──► socket
 *   socket ──► NatsLink ──► ReconnectingConnection ──┬─► RequestTable ──► Request
 *                                                    └─► SubscriptionTable ──► MessageHandler
 *
 *   ReconnectingConnection   which link counts, and the next one
 *   NatsLink                 one TCP connection, from dialling to its end
 * </pre>
 *
 * <p>Everything of a connection happens on one event loop of its own, which is why there is no lock and hardly an
 * atomic: givers push onto the queue, and whoever finds it empty wakes the loop. {@link
 * io.leasehold.wire.Outbound}, {@link io.leasehold.nats.connection.Request}, {@link
 * io.leasehold.nats.connection.MessageHandler} and {@link io.leasehold.nats.connection.ConnectionListener} are called
 * there: they never block and never call user code.
 *
 * <p>What a user of this room has to know:
 *
 * <ul>
 *   <li>What is given while there is no connection waits in the queue, up to a bound in bytes; its gate ({@code
 *       tryWrite}) is asked right before its bytes are made, so that what has run out meanwhile is not written.
 *   <li>A request that was written and whose connection ended ends <i>unknown</i>; one that was not written goes over
 *       the next connection. Nothing is written twice here: repeating is for whoever knows an id to repeat it under.
 *   <li>Subscriptions are made again, under the same numbers, before {@code up} is told; pulls are not.
 *   <li>Names come as {@link io.leasehold.nats.protocol.Subject}s, headers as {@link io.leasehold.message.Headers}:
 *       both were checked when they were made.
 * </ul>
 *
 * <p>The protocol is that of the NATS client protocol documentation, with the texts and habits of nats-server 2.9 to
 * 2.15.
 */
@Internal
@NullMarked
package io.leasehold.nats.connection;

import io.leasehold.api.Internal;
import org.jspecify.annotations.NullMarked;
