/** One code per cause, and the exception that carries it: what happened, on what, and what to do about it. */
@NullMarked
package io.leasehold.error;

import org.jspecify.annotations.NullMarked;
