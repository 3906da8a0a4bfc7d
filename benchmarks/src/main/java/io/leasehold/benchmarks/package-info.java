/** Measures what the client costs inside the process, and how it compares to other clients. */
@NullMarked
package io.leasehold.benchmarks;

import org.jspecify.annotations.NullMarked;
