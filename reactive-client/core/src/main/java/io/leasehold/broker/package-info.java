/** The SPI that a message system implements: sessions, the publish port, the delivery port, and what it can do. */
@NullMarked
package io.leasehold.broker;

import org.jspecify.annotations.NullMarked;
