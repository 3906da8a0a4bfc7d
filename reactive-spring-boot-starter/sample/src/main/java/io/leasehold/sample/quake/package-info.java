/** One earthquake as a value, and its two written forms: a line of the catalogue and a JSON object. */
@NullMarked
package io.leasehold.sample.quake;

import org.jspecify.annotations.NullMarked;
