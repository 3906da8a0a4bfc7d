/** The front door: the client and its builder. */
@NullMarked
package io.leasehold;

import org.jspecify.annotations.NullMarked;
