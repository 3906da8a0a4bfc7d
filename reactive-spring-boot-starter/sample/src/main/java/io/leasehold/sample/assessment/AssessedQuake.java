package io.leasehold.sample.assessment;

import io.leasehold.sample.quake.Quake;

/**
 * An earthquake that the desk has assessed.
 *
 * @param id the id of the message that brought it
 * @param quake the earthquake
 * @param assessment what was worked out
 */
public record AssessedQuake(String id, Quake quake, Assessment assessment) {}
