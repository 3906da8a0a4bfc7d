package io.leasehold.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Gives {@link LeaseholdObservations#PROCESS} its name and key values; one given to the stages replaces the default.
 */
public interface ProcessObservationConvention extends ObservationConvention<ProcessContext> {
    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof ProcessContext;
    }
}
