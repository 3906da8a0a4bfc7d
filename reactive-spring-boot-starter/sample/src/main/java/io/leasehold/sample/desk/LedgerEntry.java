package io.leasehold.sample.desk;

import io.leasehold.sample.assessment.Assessment;
import io.leasehold.sample.quake.Quake;
import org.jspecify.annotations.Nullable;

/**
 * What the desk knows under one message id.
 *
 * @param id the message id
 * @param quake the earthquake that came with the first delivery
 * @param assessment what was worked out; {@code null} while that goes on
 */
public record LedgerEntry(String id, Quake quake, @Nullable Assessment assessment) {

    /** Returns whether the assessment is done. */
    public boolean assessed() {
        return assessment != null;
    }
}
