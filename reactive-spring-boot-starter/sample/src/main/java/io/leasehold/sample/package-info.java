/** A small WebFlux service that consumes leased messages on the embedded broker. */
@NullMarked
package io.leasehold.sample;

import org.jspecify.annotations.NullMarked;
