/** Earthquakes as messages: topic, key, id, body, and the door to the broker. */
@NullMarked
package io.leasehold.sample.messaging;

import org.jspecify.annotations.NullMarked;
