package io.leasehold.planted;

import java.util.ArrayList;
import java.util.List;

/**
 * A change of a source file.
 *
 * @param file the source file, below the root package
 * @param edits what stands there now, each exactly once, and what the mistake makes of it
 */
public record Mistake(String file, List<Edit> edits) {
    /**
     * One place of a mistake.
     *
     * @param original what stands there now
     * @param replacement what the mistake makes of it
     */
    public record Edit(String original, String replacement) {}

    /** A mistake of one file: what stands there now, and what becomes of it, in pairs. */
    public static Mistake of(String file, String... edits) {
        List<Edit> all = new ArrayList<>();
        for (int i = 0; i < edits.length; i += 2) {
            all.add(new Edit(edits[i], edits[i + 1]));
        }
        return new Mistake(file, all);
    }

    /** The text with the mistake in it. */
    String in(String text) {
        String changed = text;
        for (Edit edit : edits) {
            changed = changed(changed, edit);
        }
        return changed;
    }

    private String changed(String text, Edit edit) {
        String original = edit.original();
        int at = text.indexOf(original);
        if (at < 0 || text.indexOf(original, at + 1) >= 0) {
            throw new IllegalStateException("the code has moved on: renew this planted bug: " + file + " holds '"
                    + original + "' " + (at < 0 ? "nowhere" : "more than once"));
        }
        return text.replace(original, edit.replacement());
    }
}
