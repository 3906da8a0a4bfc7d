/** Keeps the house in order: what may import what, how large things may grow, what is not written here. */
@NullMarked
package io.leasehold.house;

import org.jspecify.annotations.NullMarked;
