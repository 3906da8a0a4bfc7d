/** The NATS client protocol as bytes: frames, their decoder and encoder, and what may be in them. */
@Internal
@NullMarked
package io.leasehold.nats.protocol;

import io.leasehold.api.Internal;
import org.jspecify.annotations.NullMarked;
