package io.leasehold.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Gives {@link LeaseholdObservations#SEND} its name and key values; one that is given to the stages replaces the
 * default.
 */
public interface SendObservationConvention extends ObservationConvention<SendContext> {
    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof SendContext;
    }
}
