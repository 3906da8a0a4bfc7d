/**
 * The engine of leases: the keeper that touches them and ends them at their deadlines, the timing wheel, the gates,
 * and the threads on which losses are told. Open to {@code consume} and to the client that is built, to nobody else.
 */
@Internal
@NullMarked
package io.leasehold.lease.keeper;

import io.leasehold.api.Internal;
import org.jspecify.annotations.NullMarked;
