/**
 * Clients, an embedded broker and a faulty network in one thread and in virtual time. A seed chooses everything; the
 * promises of the design are checked after every step, and a failing seed replays exactly.
 */
@NullMarked
package io.leasehold.simulation;

import org.jspecify.annotations.NullMarked;
