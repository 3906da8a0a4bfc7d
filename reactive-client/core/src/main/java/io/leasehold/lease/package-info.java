/**
 * The lease: its states, its terms and clock, what users and recorders see of it, and the narrow way back to the
 * broker. {@code lease.keeper} keeps it.
 */
@NullMarked
package io.leasehold.lease;

import org.jspecify.annotations.NullMarked;
