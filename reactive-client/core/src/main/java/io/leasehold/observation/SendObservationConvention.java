package io.leasehold.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** Names and key values of {@link LeaseholdObservations#SEND}; one that is given to the stages replaces the default. */
public interface SendObservationConvention extends ObservationConvention<SendContext> {
    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof SendContext;
    }
}
