/**
 * Our client beside others on the same NATS server, in one JVM, interleaved: {@link
 * io.leasehold.benchmarks.compare.Compare} is the command.
 */
@NullMarked
package io.leasehold.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
