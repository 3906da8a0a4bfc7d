package io.leasehold.sample.catalogue;

import io.leasehold.sample.quake.QuakeCsv;
import io.leasehold.sample.quake.QuakeFormatException;

/** A line as it stands in the file. */
record CatalogueLine(long number, String text) {

    CatalogueEntry entry() {
        try {
            return new CatalogueEntry.Recorded(number, QuakeCsv.read(text));
        } catch (QuakeFormatException wrong) {
            return new CatalogueEntry.Rejected(number, text, "line " + number + ": " + wrong.getMessage());
        }
    }
}
