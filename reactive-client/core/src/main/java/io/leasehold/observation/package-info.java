/** Micrometer: the documented names of meters and observations, a recorder of meters, observations as stages. */
@NullMarked
package io.leasehold.observation;

import org.jspecify.annotations.NullMarked;
