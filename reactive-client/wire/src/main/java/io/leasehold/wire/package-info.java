/**
 * What a connection over TCP to a broker of any protocol needs: an event loop of its own, one queue out, TLS, whether
 * the other end is there, and whom to dial next.
 *
 * <pre>
 *   any thread ──► OutboundQueue ──► Link ──► socket       Outbound: one thing to be written
 *   socket ──► Link ──► whoever extends it                 Link: one TCP connection, from dialling to its end
 *
 *   TcpConnector     dials one server, and secures the connection      ServerAddress, TlsSettings, Secret
 *   ReconnectPolicy  whom to dial next, when, and when to give up      ServerPool
 *   ConnectionLoop   the thread that all of it belongs to              WireProtocol, Timeouts
 * </pre>
 *
 * <p>A transport extends {@link io.leasehold.wire.Link} with its handshake and its frames, and {@link
 * io.leasehold.wire.Outbound} with what it writes; it keeps a link up by the {@link io.leasehold.wire.ReconnectPolicy},
 * and owns requests, subscriptions and whatever else its protocol has. Everything of a connection happens on one event
 * loop, which is why there is no lock and hardly an atomic: givers push onto the queue, and whoever finds it empty
 * wakes the loop. Nothing here calls user code.
 */
@BrokerApi
@NullMarked
package io.leasehold.wire;

import io.leasehold.api.BrokerApi;
import org.jspecify.annotations.NullMarked;
