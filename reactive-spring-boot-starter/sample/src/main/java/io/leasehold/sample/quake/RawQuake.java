package io.leasehold.sample.quake;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields of an earthquake as written, before anything is believed. */
interface RawQuake {

    /** Returns the name under which the sender knows the field. */
    String nameOf(QuakeField field);

    /** Returns what was written, or {@code null} for a field that is absent or empty. */
    @Nullable
    String textOf(QuakeField field);

    /** Returns what is wrong with the form as a whole, before any value is looked at. */
    List<FieldProblem> formProblems();

    /** Reads a time in the notation of this form, or throws {@link java.time.DateTimeException}. */
    Instant time(String text);

    /** Returns a time in the notation of this form, to show what is meant. */
    String timeExample();
}
