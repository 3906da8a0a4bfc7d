package io.leasehold.sample.assessment;

import io.leasehold.sample.quake.Quake;
import reactor.core.publisher.Mono;

/** How long an assessment keeps its worker busy. It stands for the modelling that a real desk would do. */
@FunctionalInterface
public interface Workload {

    /**
     * Returns a signal that completes when the work on an earthquake would be done. Cancelling it stops the work.
     *
     * @param quake the earthquake
     */
    Mono<Void> of(Quake quake);
}
