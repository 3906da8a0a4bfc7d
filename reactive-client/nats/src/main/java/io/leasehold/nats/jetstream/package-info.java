/**
 * JetStream over connections: publish with acks, streams and consumers, pulls, settlements and touches.
 *
 * <pre>
 *   JetStreamSession ─► SessionConnection ─┬─► StreamPublisher ─► PublishRequest
 *                                          ├─► PullPort ─► Pulls, Settlements, RedeliveryMonitor, ConsumerCheck
 *                                          └─► StreamProvisioning, ConsumerProvisioning ─► JetStreamApi
 * </pre>
 *
 * <p>A port and its four parts need each other: each tells the port what ends or changes its consumer. None of them
 * knows the connection that lists the port; what they share of it is a PortContext.
 */
@Internal
@NullMarked
package io.leasehold.nats.jetstream;

import io.leasehold.api.Internal;
import org.jspecify.annotations.NullMarked;
