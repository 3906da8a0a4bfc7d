package io.leasehold.consume;

import io.leasehold.publish.PublishStage;

/** A step for runs and a step for publishes that belong together, to be added to a client at once. */
public interface StagePair {
    /** The step that each run passes. */
    ConsumeStage consuming();

    /** The step that each publish passes. */
    PublishStage publishing();
}
