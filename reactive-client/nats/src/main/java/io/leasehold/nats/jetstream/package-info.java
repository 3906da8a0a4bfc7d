/** JetStream over a connection: publish with acks, streams and consumers, pulls, settlements and touches. */
@Internal
@NullMarked
package io.leasehold.nats.jetstream;

import io.leasehold.api.Internal;
import org.jspecify.annotations.NullMarked;
