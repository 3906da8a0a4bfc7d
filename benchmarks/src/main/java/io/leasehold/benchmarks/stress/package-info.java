/** Concurrency tests of the lock-free parts that look at every interleaving the hardware allows. */
@NullMarked
package io.leasehold.benchmarks.stress;

import org.jspecify.annotations.NullMarked;
