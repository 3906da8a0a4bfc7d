/** What a client holds and what went wrong: snapshots, kept evidence, events of the flight recorder. */
@NullMarked
package io.leasehold.diagnostics;

import org.jspecify.annotations.NullMarked;
