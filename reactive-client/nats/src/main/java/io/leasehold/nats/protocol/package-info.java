/** The NATS client protocol as bytes: frames, their decoder and encoder, and what may be in them. */
@NullMarked
package io.leasehold.nats.protocol;

import org.jspecify.annotations.NullMarked;
