/** The other sides of a comparison: jnats, and a bare socket that does as little as can be done. */
@NullMarked
package io.leasehold.benchmarks.baseline;

import org.jspecify.annotations.NullMarked;
