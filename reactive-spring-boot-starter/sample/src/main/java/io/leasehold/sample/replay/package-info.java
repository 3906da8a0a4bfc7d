/** The replay of the catalogue at an even pace. */
@NullMarked
package io.leasehold.sample.replay;

import org.jspecify.annotations.NullMarked;
