package io.leasehold.sample.assessment;

import io.leasehold.sample.quake.Quake;
import reactor.core.publisher.Mono;

/** Assesses earthquakes, each taking as long as its workload says. It remembers nothing. */
public final class QuakeAssessor {

    private final Workload workload;

    /**
     * Sets the workload.
     *
     * @param workload how long an assessment takes
     */
    public QuakeAssessor(Workload workload) {
        this.workload = workload;
    }

    /**
     * Returns the assessment of an earthquake. The work starts with each subscription and stops when it is cancelled.
     *
     * @param id the id of the message that brought it
     * @param quake the earthquake
     */
    public Mono<AssessedQuake> assess(String id, Quake quake) {
        return workload.of(quake).then(Mono.fromSupplier(() -> new AssessedQuake(id, quake, Assessment.of(quake))));
    }
}
