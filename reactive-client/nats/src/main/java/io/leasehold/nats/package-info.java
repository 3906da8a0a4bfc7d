/** NATS as a broker: the settings, and the way in. */
@NullMarked
package io.leasehold.nats;

import org.jspecify.annotations.NullMarked;
