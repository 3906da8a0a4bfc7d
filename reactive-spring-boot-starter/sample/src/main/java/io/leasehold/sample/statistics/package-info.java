/** Statistics per network and in all that come out the same in any order and grouping. */
@NullMarked
package io.leasehold.sample.statistics;

import org.jspecify.annotations.NullMarked;
