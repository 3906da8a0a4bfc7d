/** Who takes part in a comparison, what is asked of them, and our own side. */
@NullMarked
package io.leasehold.benchmarks.contender;

import org.jspecify.annotations.NullMarked;
