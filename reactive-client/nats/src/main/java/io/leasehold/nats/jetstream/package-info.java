/** JetStream over a connection: publish with acks, streams and consumers, pulls, settlements and touches. */
@NullMarked
package io.leasehold.nats.jetstream;

import org.jspecify.annotations.NullMarked;
