package io.leasehold.sample.catalogue;

import io.leasehold.sample.quake.Quake;

/** One line of the catalogue: an earthquake, or something that is not one. */
public sealed interface CatalogueEntry {

    /** Returns the number of the line in the file; the column names are line 1. */
    long line();

    /**
     * A line that is an earthquake.
     *
     * @param line its number in the file
     * @param quake what it says
     */
    record Recorded(long line, Quake quake) implements CatalogueEntry {}

    /**
     * A line that is not an earthquake.
     *
     * @param line its number in the file
     * @param text the line as it stands
     * @param reason which fields are wrong, and what they should be
     */
    record Rejected(long line, String text, String reason) implements CatalogueEntry {}
}
