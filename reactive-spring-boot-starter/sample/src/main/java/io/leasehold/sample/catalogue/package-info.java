/** The catalogue file, read line by line with line numbers. */
@NullMarked
package io.leasehold.sample.catalogue;

import org.jspecify.annotations.NullMarked;
