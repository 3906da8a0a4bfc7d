/**
 * The lease: its states, its clock, the keeper that touches and expires it, and the narrow way back to the broker.
 */
@NullMarked
package io.leasehold.lease;

import org.jspecify.annotations.NullMarked;
